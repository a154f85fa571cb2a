"""Asking web services: over real HTTP on loopback, with resolvers that lie."""
