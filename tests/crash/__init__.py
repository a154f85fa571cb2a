"""The proof that nothing is lost: `python -m tests.crash` kills a real bot, at random and at every named point."""
