"""Talks that were held: told, written as tests, played again."""
