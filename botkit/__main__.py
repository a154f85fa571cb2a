"""`python -m botkit`: the command line."""

from botkit.cli import main

if __name__ == "__main__":
    main()
