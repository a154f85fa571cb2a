"""What every store does, by the protocols of `botkit.ports`: each test runs with each implementation."""
