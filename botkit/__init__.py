"""botkit: WhatsApp conversations written in YAML, sent within the limit, never lost."""

from botkit.handlers import Context, answer_type, handler

__all__ = ["Context", "__version__", "answer_type", "handler"]
__version__ = "0.1.0"
