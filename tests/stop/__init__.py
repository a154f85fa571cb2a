"""The proof that stopping is safe."""
