"""The traceback of an error as a few lines: what led to what, and where, without what people wrote."""

from __future__ import annotations

from botkit.errors import message_of, type_of

#: Of a traceback: errors that are told, and of each the outermost and the innermost frames.
ERRORS, OUTER, INNER = 4, 3, 7


def trace(error: BaseException, *, messages: bool) -> str:
    """Return the types and the frames of an error and of those that led to it, the first one first.

    Its messages may repeat what people wrote: only with `messages`, and cut.
    """
    told: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting and len(told) < ERRORS:
        one = waiting.pop(0)
        if any(one is other for other in told):
            continue
        told.append(one)
        before = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if before is not None:
            waiting.append(before)
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions[:ERRORS]
    lines: list[str] = []
    for one in reversed(told):
        lines += ["Traceback (most recent call last):", *_frames(one)]
        lines.append(f"{type_of(one)[:80]}: {message_of(one)}" if messages else type_of(one)[:80])
    return "\n".join(lines)


def _frames(error: BaseException) -> list[str]:
    frames, at = [], error.__traceback__
    while at is not None:
        frames.append((at.tb_frame.f_code, at.tb_lineno))
        at = at.tb_next
    lines = [f"  {code.co_filename[-80:]}:{number} {code.co_qualname[-60:]}" for code, number in frames[-INNER:]]
    if len(frames) > INNER:
        outer = frames[: min(OUTER, len(frames) - INNER)]
        left_out = [f"  … {len(frames) - INNER - len(outer)} more"] if len(frames) > INNER + len(outer) else []
        lines = [f"  {c.co_filename[-80:]}:{n} {c.co_qualname[-60:]}" for c, n in outer] + left_out + lines
    return lines
