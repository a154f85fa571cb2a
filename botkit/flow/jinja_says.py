"""What Jinja's parser and lexer complain of, in the words of the person who wrote the expression. Data.

Jinja's messages are a stable part of it (they are what its users see); one that is not here is passed on as it is.
"""

from __future__ import annotations

import re

#: Jinja's message -> the same in Spanish and in English; groups are put in for {0}, {1}.
_SAID: tuple[tuple[str, str, str], ...] = (
    (
        r"(?:unexpected '?end of template'?|unexpected end of template.*expected .*end of .*)",
        "termina antes de tiempo",
        "it ends too early",
    ),
    (
        r"unexpected end of template\..*innermost block that needs to be closed is '(\w+)'.*",
        "falta {{% end{0} %}}",
        "{{% end{0} %}} is missing",
    ),
    (r"expected an expression, got 'end of .*'", "falta una expresión", "an expression is missing"),
    (r"encountered unknown tag '(endif|endfor|else|elif)'.*", "sobra {{% {0} %}}", "{{% {0} %}} is too much"),
    (
        r"encountered unknown tag '(end|fin|fi)'.*",
        "no hay {{% {0} %}}; se cierra con {{% endif %}} o {{% endfor %}}",
        "there is no {{% {0} %}}; {{% endif %}} or {{% endfor %}} closes it",
    ),
    (r"encountered unknown tag '(\w+)'.*", "no hay {{% {0} %}}", "there is no {{% {0} %}}"),
    (r"expected token '(?:end of [\w ]+)', got '(.*)'", "sobra '{0}'", "'{0}' is too much"),
    (r"expected token '(.*)', got '(?:end of [\w ]+)'", "falta '{0}'", "'{0}' is missing"),
    (r"expected token '(.*)', got '(.*)'", "'{1}' en lugar de '{0}'", "'{1}' in the place of '{0}'"),
    (r"unexpected '(.+)', expected '(.+)'", "'{0}' en lugar de '{1}'", "'{0}' in the place of '{1}'"),
    (r"unexpected '?(.+?)'?", "sobra '{0}'", "'{0}' is too much"),
)
_FORMS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), es, en) for pattern, es, en in _SAID)


#: What people write for an operator -> the operator.
_OPERATORS = {"=": "==", "mayor": ">", "menor": "<", "igual": "==", "es": "==", "y": "and", "o": "or"}


def in_words(message: str) -> dict[str, str]:
    """Return what a message of Jinja's means, as the values `why` (Spanish) and `why_en` of a problem.

    What stands for an operator comes with that one, as `near`.
    """
    for pattern, es, en in _FORMS:
        found = pattern.fullmatch(message)
        if found:
            said = {"why": es.format(*found.groups()), "why_en": en.format(*found.groups())}
            near = _OPERATORS.get(found[found.lastindex].lower()) if found.lastindex else None
            return {**said, "near": near} if near else said
    return {"why": message}
