"""Bots as somebody writes them who has only docs/flows.md."""
