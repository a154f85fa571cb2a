"""Who means harm: what reaches a real bot over HTTP is refused, and never holds its loop: `python -m tests.hostile`."""
