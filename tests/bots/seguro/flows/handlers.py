"""What the insurance bot reads and computes by itself."""

from __future__ import annotations

from datetime import date

from botkit import answer_type, handler


@answer_type("poliza")
def read_policy(text: str) -> str | None:
    """Read a policy's number: AU-1234."""
    letters, _, digits = text.strip().upper().replace(" ", "-").partition("-")
    return f"{letters}-{digits}" if letters in ("AU", "CA") and digits.isdigit() and len(digits) == 4 else None


@handler("seguro.plazo")
def days_since(dia: date, hoy: date) -> int:
    """Count the days since a damage."""
    return (hoy - dia).days
