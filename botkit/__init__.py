"""botkit: WhatsApp conversations written in YAML, sent within the limit, never lost."""

__version__ = "0.1.0"
