"""The command `botkit`, and `python -m botkit`."""

from botkit import early


def main() -> None:
    """Run the command line."""
    early.begin()
    from botkit.cli import main as run  # takes half a second

    early.end()
    run()


if __name__ == "__main__":
    main()
