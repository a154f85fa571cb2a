"""botkit: WhatsApp conversations written in YAML, sent within the limit, never lost."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botkit.handlers import Context, answer_type, handler
else:

    def __getattr__(name: str) -> object:
        """Import what handler modules need once it is asked for: botkit's pytest plugin is loaded everywhere."""
        if name not in __all__:
            raise AttributeError(f"module 'botkit' has no attribute '{name}'")
        from botkit import handlers

        return getattr(handlers, name)


__all__ = ["Context", "__version__", "answer_type", "handler"]
__version__ = "0.1.0"
