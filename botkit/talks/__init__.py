"""Talks that were held, as the store has them: told, written as tests, and played again on the files as they are."""
