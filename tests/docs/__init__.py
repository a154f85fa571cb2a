"""Tests of README and docs: what stands there is true."""
