"""Every problem that botkit can report: one closed table of code -> severity and sentences in Spanish and English.

The command line, the JSON output and the docs read it; a code never changes its meaning once it is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Code:
    """The severity and the sentences of one problem; `{names}` are filled from the problem's values."""

    severity: Severity
    es: str
    en: str
    hint_es: str = ""
    hint_en: str = ""

    def text(self, language: str) -> str:
        """Return the sentence that says what is wrong."""
        return self.es if language == "es" else self.en

    def hint(self, language: str) -> str:
        """Return the sentence that says what to do."""
        return self.hint_es if language == "es" else self.hint_en


def _error(es: str, en: str, hint_es: str = "", hint_en: str = "") -> Code:
    return Code("error", es, en, hint_es, hint_en)


def _warning(es: str, en: str, hint_es: str = "", hint_en: str = "") -> Code:
    return Code("warning", es, en, hint_es, hint_en)


CODES: dict[str, Code] = {
    # ── files and YAML ──
    "file-missing": _error(
        "no se encuentra el archivo o la carpeta {path}",
        "there is no file or folder {path}",
        "revisa la ruta; se lee desde la carpeta de config.yaml",
        "check the path; it is read from the folder of config.yaml",
    ),
    "file-too-large": _error(
        "el archivo pasa de {limit} bytes",
        "the file is larger than {limit} bytes",
        "reparte los flujos en varios archivos",
        "spread the flows over several files",
    ),
    "not-utf8": _error(
        "el archivo no está en UTF-8 (byte {byte})",
        "the file is not UTF-8 (byte {byte})",
        "guárdalo como UTF-8 en tu editor",
        "save it as UTF-8 in your editor",
    ),
    "bad-character": _error(
        "hay un carácter que YAML no admite",
        "there is a character that YAML does not allow",
        "bórralo: suele ser un carácter de control pegado desde otro programa",
        "delete it: most often a control character pasted from another program",
    ),
    "too-deep": _error(
        "hay más de {limit} niveles, uno dentro de otro",
        "more than {limit} levels stand inside each other",
        "revisa los corchetes y la sangría de este lugar",
        "check the brackets and the indentation here",
    ),
    "too-many-nodes": _error(
        "el archivo tiene más de {limit} elementos, contados los alias",
        "the file has more than {limit} elements, aliases counted",
        "reparte los flujos en varios archivos; quita los alias repetidos",
        "spread the flows over several files; remove repeated aliases",
    ),
    "unknown-anchor": _error(
        "el alias *{anchor} no existe más arriba",
        "the alias *{anchor} does not exist above",
        "si es un texto que empieza con *, ponlo entre comillas",
        "if it is a text that begins with *, put it in quotes",
    ),
    "key-not-text": _error(
        "una clave tiene que ser un texto",
        "a key must be a text",
        'si es una plantilla, pon el valor entre comillas: "{{{{ nombre }}}}"',
        'if it is a template, put the value in quotes: "{{{{ name }}}}"',
    ),
    "template-unquoted": _error(
        "una plantilla {{{{ }}}} tiene que ir entre comillas",
        "a template {{{{ }}}} must stand in quotes",
        'escribe "{{{{ … }}}}"',
        'write "{{{{ … }}}}"',
    ),
    "duplicate-key": _error(
        "la clave '{key}' ya está en la línea {first}",
        "the key '{key}' already stands in line {first}",
        "borra una de las dos o ponle otro nombre",
        "remove one of the two or rename it",
    ),
    "tab": _error(
        "hay un tabulador en la sangría",
        "there is a tab in the indentation",
        "usa espacios (dos por nivel)",
        "use spaces (two for each level)",
    ),
    "colon-in-text": _error(
        "los dos puntos parten este texto en clave y valor",
        "the colon splits this text into a key and a value",
        'pon el texto entre comillas: "…: …"',
        'put the text in quotes: "…: …"',
    ),
    "quote-needed": _error(
        "este texto tiene que ir entre comillas",
        "this text must stand in quotes",
        'empieza con un signo que YAML entiende de otro modo; escribe "…"',
        'it begins with a sign that YAML reads in another way; write "…"',
    ),
    "quote-closed-early": _error(
        "la comilla se cierra antes de que termine el texto",
        "the quote closes before the text ends",
        "pon todo el texto entre comillas, o usa las otras comillas por fuera",
        "put the whole text in quotes, or use the other kind of quotes around it",
    ),
    "bracket-in-braces": _error(
        "hay un corchete dentro de llaves que no se entiende",
        "there is a bracket inside braces that cannot be read",
        "escribe una clave por línea",
        "one key per line",
    ),
    "bracket-open": _error(
        "falta cerrar un corchete o una llave",
        "a bracket or a brace is not closed",
        "ciérralo, o escribe un elemento por línea con guion",
        "close it, or write one item per line with a dash",
    ),
    "wrong-depth": _error(
        "la sangría de esta línea no corresponde a ningún nivel de arriba",
        "the indentation of this line fits no level above",
        "alinéala con las claves hermanas",
        "line it up with its sister keys",
    ),
    "yaml-syntax": _error(
        "YAML no entiende esta línea: {why}",
        "YAML cannot read this line: {why}",
        "revisa comillas, dos puntos y sangría",
        "check quotes, colons and indentation",
    ),
    # ── shapes, in flows, tests and config.yaml alike ──
    "unknown-key": _error(
        "'{key}' no es una clave de {where}",
        "'{key}' is not a key of {where}",
        "las claves son: {known}",
        "the keys are: {known}",
    ),
    "misplaced-key": _error(
        "'{key}' no va en {where}, sino en {home}",
        "'{key}' does not belong in {where} but in {home}",
        "muévela a {home}",
        "move it to {home}",
    ),
    "split-by-comma": _error(
        "una coma partió el texto: '{key}' quedó como clave sin valor",
        "a comma split the text: '{key}' became a key without a value",
        "pon el texto entre comillas, o escribe una clave por línea",
        "put the text in quotes, or write one key per line",
    ),
    "missing-key": _error(
        "falta '{key}' en {where}",
        "'{key}' is missing in {where}",
        "agrega '{key}: …'",
        "add '{key}: …'",
    ),
    "wrong-type": _error(
        "'{key}' tiene que ser {expected}",
        "'{key}' must be {expected_en}",
        "está escrito: {value}",
        "it reads: {value}",
    ),
    "empty-value": _error(
        "'{key}' está vacío",
        "'{key}' is empty",
        "escribe un valor o borra la clave",
        "write a value or remove the key",
    ),
    "not-a-choice": _error(
        "'{value}' no es un valor de '{key}'",
        "'{value}' is not a value of '{key}'",
        "los valores son: {known}",
        "the values are: {known}",
    ),
    "bad-duration": _error(
        "'{value}' no es una duración",
        "'{value}' is not a duration",
        "escribe un número con su unidad: 30s, 10m, 2h, 3d",
        "write a number with its unit: 30s, 10m, 2h, 3d",
    ),
    # ── config.yaml ──
    "variable-unset": _error(
        "la variable de entorno {name} no está definida",
        "the environment variable {name} is not set",
        "defínela, o escribe ${{{name}:-valor}} para dar uno por defecto",
        "set it, or write ${{{name}:-value}} to give a default",
    ),
    "config-value": _error("'{key}': {why}", "'{key}': {why_en}", "{advice}", "{advice_en}"),
    "variable-syntax": _error(
        "no se entiende la variable de '{value}'",
        "the variable in '{value}' cannot be read",
        "escribe ${{NOMBRE}} o ${{NOMBRE:-valor}}",
        "write ${{NAME}} or ${{NAME:-value}}",
    ),
    "secret-literal": _error(
        "un secreto no se escribe en config.yaml",
        "a secret is not written into config.yaml",
        "usa una variable de entorno, ${{NOMBRE}}, o un archivo, file:RUTA",
        "use an environment variable, ${{NAME}}, or a file, file:PATH",
    ),
    "sandbox-not-literal": _error(
        "la palabra sandbox no puede venir de una variable",
        "the word sandbox may not come out of a variable",
        "escribe literalmente base_url: sandbox",
        "write base_url: sandbox literally",
    ),
    "not-yet": _error(
        "esta versión todavía no lee '{key}'",
        "this version does not read '{key}' yet",
        "borra la clave: sin ella todo funciona como hasta ahora",
        "remove the key: everything works as before without it",
    ),
    "timezone-unknown": _error(
        "'{value}' no es una zona horaria",
        "'{value}' is not a time zone",
        "escribe un nombre de IANA: America/La_Paz",
        "write an IANA name: America/La_Paz",
    ),
    "store-url": _error(
        "'{value}' no dice dónde guardar",
        "'{value}' does not say where to store",
        "escribe sqlite:///botkit.db",
        "write sqlite:///botkit.db",
    ),
    "channel-name": _error(
        "'{name}' no sirve como nombre de canal",
        "'{name}' will not do as the name of a channel",
        "usa minúsculas, cifras, guion y guion bajo, empezando con una letra: whatsapp",
        "use small letters, digits, dash and underscore, beginning with a letter: whatsapp",
    ),
    "constant-near": _warning(
        "'{key}' se toma como constante propia de bot",
        "'{key}' is taken for a constant of your own in bot",
    ),
}
