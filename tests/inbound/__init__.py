"""The proof that each event counts once."""
