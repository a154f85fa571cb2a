"""The sandbox, from outside: what a bot, a test and a browser see of it."""
