"""botkit's tests; `python -m tests` runs them all, with the checks that come before them."""
