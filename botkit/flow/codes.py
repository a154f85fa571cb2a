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
    "file-unreadable": _error(
        "no se puede leer {path}: {why}",
        "{path} cannot be read: {why}",
        "revisa los permisos del archivo",
        "check the file's permissions",
    ),
    "no-flows": _error(
        "en {path} no hay ningún flujo",
        "there is no flow in {path}",
        "crea un archivo .yaml que empiece con 'flow: nombre'",
        "make a .yaml file that begins with 'flow: name'",
    ),
    "handler-module": _error(
        "el módulo {named} no se puede cargar: {why}",
        "the module {named} cannot be loaded: {why}",
        "corrígelo y prueba con: python {module}",
        "mend it and try: python {module}",
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
    "key-is-list": _error(
        "una clave es un solo texto, y aquí hay una lista",
        "a key is one text, and here is a list",
        "escribe una línea por palabra, cada una con su valor: 'humano: recepcion'",
        "write one line for each word, each with its value: 'human: reception'",
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
    "quote-open": _error(
        "esta comilla no se cierra",
        "this quote is never closed",
        "ciérrala al final del texto",
        "close it at the end of the text",
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
        "ciérralo, o escribe un elemento por línea con guion; '${{…}}' va entre comillas",
        "close it, or write one item per line with a dash; quote a '${{…}}'",
    ),
    "wrong-depth": _error(
        "la sangría de esta línea no corresponde a ningún nivel de arriba",
        "the indentation of this line fits no level above",
        "alinéala con las claves hermanas",
        "line it up with its sister keys",
    ),
    "missing-colon": _error(
        "esta línea no es 'clave: valor'",
        "this line is not 'key: value'",
        "agrega los dos puntos; un texto de varias líneas empieza con | y va con más sangría",
        "add the colon; a text of several lines begins with | and is indented deeper",
    ),
    "block-not-indented": _error(
        "el texto que empieza con | o > va con más sangría que su clave",
        "the text that begins with | or > must be indented deeper than its key",
        "agrega dos espacios al comienzo de cada línea del texto",
        "add two blanks at the beginning of each line of the text",
    ),
    "dash-without-blank": _error(
        "falta un espacio detrás del guion",
        "a blank is missing behind the dash",
        "escribe '- ' y luego la clave",
        "write '- ' and then the key",
    ),
    "colon-without-blank": _error(
        "falta un espacio detrás de los dos puntos: {text}",
        "a blank is missing behind the colon: {text}",
        "escribe 'clave: valor', con un espacio",
        "write 'key: value', with a blank",
    ),
    "long-dash": _error(
        "este guion largo no es el de YAML: {text}",
        "this long dash is not YAML's: {text}",
        "escribe el guion corto del teclado y un espacio: '- '",
        "write the short dash of the keyboard and a blank: '- '",
    ),
    "odd-blank": _error(
        "la sangría tiene un espacio que no es el común (U+{number})",
        "the indentation has a blank that is not the common one (U+{number})",
        "bórralo y escribe espacios con la barra: suele llegar al pegar desde un chat o una página",
        "delete it and type blanks with the space bar: it comes along when pasting from a chat or a page",
    ),
    "curly-quotes": _error(
        "estas comillas {quote} son parte del texto: YAML solo conoce las rectas",
        "these quotes {quote} are part of the text: YAML only knows straight ones",
        'cámbialas por comillas rectas: "…"',
        'change them to straight quotes: "…"',
    ),
    "two-keys-on-line": _error(
        "en una línea hay dos claves, una dentro de otra",
        "one line has two keys, one inside the other",
        "pon la segunda en la línea de abajo, con dos espacios más, o entre llaves: {{clave: valor}}",
        "put the second on the line below, two blanks deeper, or in braces: {{key: value}}",
    ),
    "bad-escape": _error(
        "entre comillas dobles, la barra \\ empieza un signo especial que YAML no conoce",
        "in double quotes, the backslash begins a special sign that YAML does not know",
        "usa comillas simples '…', o escribe dos barras \\\\",
        "use single quotes '…', or write two backslashes \\\\",
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
        "'{key}' is not a key of {where_en}",
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
        "'{key}' is missing in {where_en}",
        "agrega '{key}: …'",
        "add '{key}: …'",
    ),
    "wrong-type": _error(
        "'{key}' tiene que ser {expected}",
        "'{key}' must be {expected_en}",
        "está escrito: {value}",
        "it reads: {value_en}",
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
        "escribe un número con su unidad: 30s, 10m, 2h, 3d (como mucho 400d)",
        "write a number with its unit: 30s, 10m, 2h, 3d (at most 400d)",
    ),
    # ── texts, templates, expressions ──
    "comment-in-text": _error(
        "el texto de '{key}' se corta en el #: lo que sigue es un comentario",
        "the text of '{key}' is cut at the #: what follows is a comment",
        "pon el texto entre comillas",
        "put the text in quotes",
    ),
    "text-in-brackets": _error(
        "el texto de '{key}' está entre corchetes sin comillas: una coma lo partiría",
        "the text of '{key}' stands in brackets without quotes: a comma would split it",
        "pon el texto entre comillas, o escribe un elemento por línea",
        "put the text in quotes, or write one item per line",
    ),
    "text-became-mapping": _error(
        "el texto de '{key}' se partió en los dos puntos",
        "the text of '{key}' was split at the colon",
        "pon el texto entre comillas",
        "put the text in quotes",
    ),
    "bad-expression": _error(
        "la expresión no se entiende: {why}",
        "the expression cannot be read: {why_en}",
        "revisa paréntesis, comillas y operadores (and, or, not, ==, <, in)",
        "check brackets, quotes and operators (and, or, not, ==, <, in)",
    ),
    "braces-in-expression": _error(
        "aquí va una expresión, y una expresión se escribe sin {{{{ }}}}",
        "an expression stands here, and an expression is written without {{{{ }}}}",
        "quita las llaves",
        "remove the braces",
    ),
    "expression-too-deep": _error(
        "la expresión tiene más de {limit} niveles",
        "the expression has more than {limit} levels",
        "pártela en varios pasos 'set'",
        "split it over several 'set' steps",
    ),
    "expression-too-long": _error(
        "el texto con expresiones es más largo de lo permitido ({limit} caracteres, o palabras y signos)",
        "the text with expressions is longer than allowed ({limit} characters, or words and signs)",
        "repártelo en varios mensajes, o recorre una lista con {{% for %}}",
        "split it into several messages, or go through a list with {{% for %}}",
    ),
    "no-calls": _error(
        "las expresiones no llaman funciones: {name}( )",
        "expressions call no functions: {name}( )",
        "usa un filtro, por ejemplo {{{{ nombre | upper }}}}, o un paso 'run'",
        "use a filter, for example {{{{ name | upper }}}}, or a 'run' step",
    ),
    "not-in-language": _error(
        "{what} no es parte del lenguaje de plantillas",
        "{what} is not part of the template language",
        "hay {{{{ expresión }}}}, {{% if %}} y {{% for %}}",
        "there are {{{{ expression }}}}, {{% if %}} and {{% for %}}",
    ),
    "no-tests": _error(
        "las expresiones no conocen 'is'",
        "expressions do not know 'is'",
        "escribe 'x == none' o 'x != none'; lo que no está puesto es falso: 'if: not x'",
        "write 'x == none' or 'x != none'; what is not set is false: 'if: not x'",
    ),
    "bare-date": _error(
        "una fecha sin comillas es una resta",
        "a date without quotes is a subtraction",
        "ponla entre comillas: '{date}'",
        "put it in quotes: '{date}'",
    ),
    "unknown-filter": _error(
        "no existe el filtro '{name}'",
        "there is no filter '{name}'",
        "mira la lista de filtros en la documentación",
        "see the list of filters in the docs",
    ),
    "filter-arguments": _error(
        "argumentos del filtro '{name}': lleva {wanted}, y aquí hay {given}",
        "arguments of the filter '{name}': it takes {wanted}, and here are {given}",
        "revisa los paréntesis del filtro",
        "check the filter's brackets",
    ),
    "filter-keyword": _error(
        "el filtro '{name}' no toma argumentos con nombre",
        "the filter '{name}' takes no arguments by name",
        'escríbelo sin nombre, round(2); de una lista de datos saca antes un campo: lista | pick("item.precio") | sum',
        'write it without, round(2); take a part of each item before: list | pick("item.price") | sum',
    ),
    "filter-over-item": _error(
        "'{name}' lleva entre comillas una expresión sobre 'item'",
        "'{name}' takes an expression over 'item', in quotes",
        'por ejemplo {name}("item.precio")',
        'for example {name}("item.price")',
    ),
    "filter-word": _error(
        "'{name}' lleva entre comillas una de estas palabras: {known}",
        "'{name}' takes one of these words, in quotes: {known}",
        "por ejemplo {name}('{example}')",
        "for example {name}('{example}')",
    ),
    "cannot-compute": _error(
        "esto no se puede calcular nunca: {text}",
        "this can never be computed: {text}",
        "un texto se une con ~ y se vuelve número con | read('number')",
        "join a text with ~, and make it a number with | read('number')",
    ),
    "text-as-number": _error(
        "'{name}' es un texto: la pregunta de la línea {line} no tiene 'type'",
        "'{name}' is a text: the question of line {line} has no 'type'",
        "pon 'type: integer' o 'type: number' en esa pregunta, o escribe {name} | read('number')",
        "put 'type: integer' or 'type: number' in that question, or write {name} | read('number')",
    ),
    "load-compared": _error(
        "'load' siempre es una palabra: green, yellow o black; así no distingue nada",
        "'load' is always a word: green, yellow or black; so this tells nothing apart",
        "compárala con == o con in: load == 'black', load in ['yellow', 'black']",
        "compare it by == or by in: load == 'black', load in ['yellow', 'black']",
    ),
    "name-elsewhere": _error(
        "'{name}' solo existe en: {where}",
        "'{name}' is only known in: {where}",
        "guarda antes en un dato lo que necesitas aquí",
        "save what you need here in a slot before",
    ),
    "never-set": _error(
        "'{name}' no puede tener valor aquí: ningún camino pasa antes por donde se guarda (línea {lines})",
        "'{name}' cannot have a value here: no path leads through where it is set (line {lines})",
        "pregunta o guarda '{name}' antes de este paso",
        "ask for '{name}' or set it before this step",
    ),
    "bad-pattern": _error(
        "el patrón no se puede leer: {why}",
        "the pattern cannot be read: {why_en}",
        "los patrones son de RE2: sin referencias atrás ni (?=…)",
        "patterns are RE2's: no back references, no (?=…)",
    ),
    "unknown-name": _error(
        "nadie da valor a '{name}' en este flujo",
        "nothing in this flow gives '{name}' a value",
        "guárdalo antes con 'save: {name}' o 'set'; un texto fijo va entre comillas: '{name}'",
        "save it first with 'save: {name}' or 'set'; a fixed text stands in quotes: '{name}'",
    ),
    "unknown-part": _error(
        "'{name}' no tiene '{part}'",
        "'{name}' has no '{part}'",
        "tiene: {known}",
        "it has: {known}",
    ),
    "contact-part": _warning(
        "nadie guarda 'contact.{part}', y botkit no lo llena",
        "nothing saves 'contact.{part}', and botkit does not fill it",
        "botkit llena name, phone, language, timezone y new",
        "botkit fills name, phone, language, timezone and new",
    ),
    "bad-name": _error(
        "'{name}' no sirve como nombre",
        "'{name}' cannot be a name",
        "usa un solo nombre con letras, números y _, empezando por una letra; sin espacios ni comas",
        "use one name of letters, digits and _, beginning with a letter; no blanks, no commas",
    ),
    "reserved-name": _error(
        "'{name}' ya significa otra cosa y no puede guardar datos",
        "'{name}' means something else already and cannot hold data",
        "elige otro nombre",
        "choose another name",
    ),
    "queue-name": _error(
        "'{name}' no sirve como nombre de una cola: los que empiezan con @ son de botkit",
        "'{name}' cannot be the name of a queue: those that begin with @ are botkit's",
        "quita la @",
        "leave out the @",
    ),
    # ── flows and steps ──
    "not-a-flow": _error(
        "un archivo de flujos empieza con 'flow: nombre'",
        "a file of flows begins with 'flow: name'",
        "escribe 'flow: …' y debajo 'steps:' con una lista de pasos",
        "write 'flow: …' and below it 'steps:' with a list of steps",
    ),
    "empty-step": _error(
        "aquí hay un guion sin paso",
        "here is a dash without a step",
        "bórralo, o escribe detrás un paso",
        "delete it, or write a step behind it",
    ),
    "step-without-dash": _error(
        "aquí va una lista de pasos, y estos no llevan guion",
        "here goes a list of steps, and these have no dash",
        "pon '- ' delante de cada paso",
        "put '- ' before each step",
    ),
    "bad-target": _error(
        "{what} tiene que llevar a un destino o a una lista de pasos",
        "{what} must lead to a target or a list of steps",
        "está escrito: {value}",
        "it says: {value}",
    ),
    "not-a-step": _error(
        "esto no es un paso: {value}",
        "this is no step: {value}",
        "un paso empieza con su clase, por ejemplo '- say: {value}' o '- goto: {value}'",
        "a step begins with its kind, for example '- say: {value}' or '- goto: {value}'",
    ),
    "unknown-form": _error(
        "'{form}' no es una forma de mensaje",
        "'{form}' is not a form of message",
        "las formas son: {known}",
        "the forms are: {known}",
    ),
    "bad-media-url": _error(
        "'{value}' no es una dirección de la que se pueda descargar un archivo",
        "'{value}' is no address that a file can be fetched from",
        "escribe https://…, o el nombre de un archivo de la carpeta de flujos",
        "write https://…, or the name of a file in the flows folder",
    ),
    "media-missing": _error(
        "no hay un archivo '{value}' en la carpeta de flujos",
        "there is no file '{value}' in the flows folder",
        "la ruta se lee desde la carpeta de flujos, p. ej. fotos/menu.png",
        "the path is read from the flows folder, e.g. fotos/menu.png",
    ),
    "upload-from-url": _error(
        "'file' no puede mandar lo que hay en la dirección '{value}'",
        "'file' cannot send what is at the address '{value}'",
        "manda la dirección misma con 'json' o 'form', o guarda el archivo en la carpeta de flujos",
        "send the address itself with 'json' or 'form', or keep the file in the flows folder",
    ),
    "not-a-medium": _error(
        "'{name}' guarda una respuesta de tipo '{type}', que no es un archivo",
        "'{name}' holds an answer of type '{type}', which is no file",
        "pide el archivo con 'type': image, document, audio, video o media",
        "ask for the file with 'type': image, document, audio, video or media",
    ),
    "media-type": _error(
        "'{value}' no es de un tipo que se pueda enviar",
        "'{value}' is of no type that can be sent",
        "los tipos son: {known}",
        "the types are: {known}",
    ),
    "media-too-large": _error(
        "'{value}' tiene {size} bytes, y el canal '{channel}' toma hasta {limit} dentro del mensaje",
        "'{value}' has {size} bytes, and channel '{channel}' takes up to {limit} inside the message",
        "usa un archivo más pequeño",
        "use a smaller file",
    ),
    "media-no-way": _error(
        "'{value}' no puede llegar a la pasarela del canal '{channel}'",
        "'{value}' has no way to the gateway of channel '{channel}'",
        "escribe en config.yaml la dirección pública de este servidor, de la que la pasarela lo descargue:"
        " server: {{public_url: https://…}}",
        "write into config.yaml the public address of this server, from which the gateway fetches it:"
        " server: {{public_url: https://…}}",
    ),
    "unknown-flow": _error(
        "no hay un flujo '{name}'",
        "there is no flow '{name}'",
        "'call' llama a un flujo de este bot por su nombre",
        "'call' calls a flow of this bot by its name",
    ),
    "unknown-input": _error(
        "el flujo '{flow}' no recibe '{name}'",
        "the flow '{flow}' takes no '{name}'",
        "recibe: {takes} (clave 'inputs')",
        "it takes: {takes} (key 'inputs')",
    ),
    "missing-input": _error(
        "al flujo '{flow}' le falta '{name}'",
        "the flow '{flow}' lacks '{name}'",
        "recibe: {takes}; dáselo con 'with', o ponle un valor por defecto en 'inputs'",
        "it takes: {takes}; give it by 'with', or give it a default in 'inputs'",
    ),
    "outcome-never": _warning(
        "el flujo '{flow}' nunca termina en '{outcome}'",
        "the flow '{flow}' never ends as '{outcome}'",
        "termina en: {known}",
        "it ends as: {known}",
    ),
    "duplicate-anywhere": _error(
        "'{word}' no es una palabra nueva de 'anywhere'",
        "'{word}' is no new word of 'anywhere'",
        "mayúsculas, acentos y signos de alrededor no distinguen dos palabras",
        "capitals, accents and outer signs do not tell two words apart",
    ),
    "one-word-with-commas": _warning(
        "'{key}' es un solo texto con comas: {value}",
        "'{key}' is one text with commas: {value}",
        "una lista va entre corchetes: [a, b]",
        "a list stands in brackets: [a, b]",
    ),
    "single-braces": _warning(
        "con una sola llave, {shown} se envía tal cual",
        "with single braces, {shown} is sent as it stands",
        "para el valor escribe {right}",
        "for the value write {right}",
    ),
    "missing-translation": _warning(
        "al catálogo '{language}' le faltan textos, {count} en total: {places}",
        "the catalogue '{language}' lacks texts, {count} in all: {places}",
        "'botkit catalog {language}' los agrega al archivo, marcados",
        "'botkit catalog {language}' adds them to the file, marked",
    ),
    "own-language-missing": _error(
        "a '{key}' le falta el texto en el idioma del bot ('{language}')",
        "'{key}' lacks the text in the bot's own language ('{language}')",
        "agrega la clave '{language}:'",
        "add the key '{language}:'",
    ),
    "catalogue-name": _error(
        "'{name}' no es el nombre de un catálogo",
        "'{name}' is no name of a catalogue",
        "en lang/ van archivos como en.yaml: dos letras minúsculas, de otro idioma que el del bot ('{language}')",
        "lang/ holds files like en.yaml: two small letters, of another language than the bot's ('{language}')",
    ),
    "not-a-catalogue": _error(
        "un catálogo tiene líneas 'texto: traducción'",
        "a catalogue has lines 'text: translation'",
        "'botkit catalog en' escribe uno",
        "'botkit catalog en' writes one",
    ),
    "unknown-kind": _error(
        "'{key}' no es una clase de paso",
        "'{key}' is not a kind of step",
        "las clases son: {known}",
        "the kinds are: {known}",
    ),
    "two-kinds": _error(
        "un paso es de una sola clase, y aquí hay dos: '{first}' y '{second}'",
        "a step has one kind, and here are two: '{first}' and '{second}'",
        "haz dos pasos, cada uno con su guion",
        "make two steps, each with its dash",
    ),
    "not-yet": _error(
        "esta versión de botkit todavía no lee '{key}'",
        "this version of botkit does not read '{key}' yet",
        "quítalo; llegará en una versión próxima",
        "remove it; it comes in a later version",
    ),
    "duplicate-id": _error(
        "el nombre '{id}' ya lo tiene el paso de la línea {first}",
        "the step in line {first} has the name '{id}' already",
        "dale otro 'id'",
        "give it another 'id'",
    ),
    "duplicate-flow": _error(
        "ya hay un flujo '{name}' en {first}",
        "there is a flow '{name}' already in {first}",
        "cambia el nombre de uno de los dos",
        "rename one of the two",
    ),
    "was-present": _error(
        "'{name}' es el nombre de {what} que existe: no puede ser el nombre viejo de otro",
        "'{name}' is the name of {what_en} that is there: it cannot be another one's old name",
        "escribe en 'was' solo nombres que ya nadie tiene",
        "write in 'was' only names that nobody has any more",
    ),
    "was-twice": _error(
        "'{name}' ya es el nombre viejo de {what} en {first}",
        "'{name}' is the old name of {what_en} already, in {first}",
        "déjalo donde tiene que seguir quien estaba ahí",
        "leave it where people who were there are to go on",
    ),
    "was-without-move": _warning(
        "'was' en un paso solo sirve si el flujo tiene 'on_change: move'",
        "'was' of a step counts only in a flow with 'on_change: move'",
        "agrega 'on_change: move' al flujo; sin eso cada uno termina con el flujo viejo",
        "add 'on_change: move' to the flow; without it everybody finishes on the old flow",
    ),
    "reserved-target": _error(
        "'{name}' es una palabra reservada para destinos",
        "'{name}' is a reserved word for targets",
        "elige otro nombre",
        "choose another name",
    ),
    "name-clash": _error(
        "'{name}' es también el nombre de un flujo: no se sabría a cuál ir",
        "'{name}' is also the name of a flow: nobody could tell which is meant",
        "cambia uno de los dos nombres",
        "rename one of the two",
    ),
    "no-lasting-id": _warning(
        "este paso no tiene nombre propio; se llamará '{id}' y cambiará si editas más arriba",
        "this step has no name of its own; it will be '{id}', which changes when you edit above",
        "agrega 'id: …', o un 'save: …' que ningún otro use",
        "add 'id: …', or a 'save: …' that no other one has",
    ),
    "unknown-target": _error(
        "no hay ningún paso, aparte ni flujo que se llame '{name}'",
        "no step, aside or flow is called '{name}'",
        "revisa el nombre; un paso se nombra con 'id: {name}'",
        "check the name; a step is named by 'id: {name}'",
    ),
    "text-as-target": _error(
        "aquí va adónde seguir, y '{name}' es un texto",
        "this says where to go, and '{name}' is a text",
        "pon debajo una lista de pasos ('- say: …') o el nombre de un paso; si los dos puntos son del texto, comillas",
        "put a list of steps below ('- say: …') or the name of a step; if the colon is of the text, quotes around all",
    ),
    "target-of-several": _error(
        "'{name}' lo guardan varios pasos (líneas {lines}), así que no nombra a ninguno",
        "several steps save '{name}' (lines {lines}), so it names none of them",
        "pon un 'id: …' propio al paso que quieres decir y apunta a ese nombre",
        "give the step that you mean an 'id: …' of its own, and lead to that",
    ),
    "unreachable": _error(
        "a este paso ({known}) no se llega nunca",
        "nothing ever leads to this step ({known_en})",
        "llévalo desde un destino, o bórralo",
        "lead to it by a target, or remove it",
    ),
    "cycle-without-wait": _error(
        "desde aquí se vuelve a '{id}' ({row}) sin esperar a nadie: no termina nunca",
        "from here it goes back to '{id}' ({row}) without waiting for anybody: it never ends",
        "pon en medio una pregunta o un 'wait', o sal con un 'if' sobre un dato que cambie en cada vuelta",
        "put a question or a 'wait' in between, or leave by an 'if' on a slot that changes in each round",
    ),
    "no-way-out": _warning(
        "de la pregunta '{id}' no se sale: conteste lo que conteste, se vuelve a ella",
        "nothing leads out of the question '{id}': whatever is answered, it is asked again",
        "agrega una opción como 'Salir: quit', o 'silence: {{after: 1h, then: quit}}'",
        "add an option like 'Leave: quit', or 'silence: {{after: 1h, then: quit}}'",
    ),
    "handler-unused": _warning(
        "ningún paso llama al handler '{name}'",
        "no step calls the handler '{name}'",
        "llámalo con '- run: {name}', o borra la función",
        "call it by '- run: {name}', or remove the function",
    ),
    "slot-unread": _warning(
        "lo que se guarda en '{name}' no se usa nunca, y se pierde cuando termina el flujo",
        "what is saved in '{name}' is never used, and is lost when the flow ends",
        "úsalo, por ejemplo '- record: [{name}]'; si da igual qué contesten, cambia 'save: {name}' por 'id: {name}'",
        "use it, for example '- record: [{name}]'; if any answer will do, replace 'save: {name}' by 'id: {name}'",
    ),
    "falls-into": _warning(
        "detrás de '{id}' sigue '{other}', que es otra respuesta de la misma pregunta ({row})",
        "behind '{id}' comes '{other}', which is another answer of the same question ({row})",
        "termina '{id}' con '- end:' o con '- goto: …'; si es lo que quieres, con '- goto: {other}'",
        "close '{id}' with '- end:' or '- goto: …'; if it is meant, with '- goto: {other}'",
    ),
    "returned-never": _error(
        "el flujo '{flow}' nunca devuelve '{part}'",
        "the flow '{flow}' never returns '{part}'",
        "devuelve: {known} ('end' con 'return')",
        "it returns: {known} ('end' with 'return')",
    ),
    "outcome-unhandled": _warning(
        "quien llama a '{flow}' no distingue el final '{outcome}': sigue igual que si todo fue bien ({row})",
        "nothing that calls '{flow}' tells the outcome '{outcome}': it goes on as if all went well ({row})",
        "escribe en el 'call' 'on: {{{outcome}: …}}', o borra el nombre del final",
        "write 'on: {{{outcome}: …}}' in the 'call', or remove the name of the outcome",
    ),
    "opt-out-word": _warning(
        "'{word}' es una palabra para darse de baja: con una pregunta en espera, eso hace quien la escribe",
        "'{word}' is a word to opt out: while a question waits, that is what it does",
        "usa otra palabra",
        "use another word",
    ),
    "builtin-word": _warning(
        "mientras una pregunta espera, '{word}' inicia el flujo incluido '{flow}' y no este",
        "while a question waits, '{word}' begins the built-in flow '{flow}' and not this one",
        "usa otra palabra, o pon 'interrupts: true' para que siempre sea de este flujo",
        "use another word, or write 'interrupts: true', which makes it this flow's at all times",
    ),
    "word-taken": _warning(
        "'{word}' inicia el flujo '{flow}' ({row}) en cualquier pregunta, pero no aquí",
        "'{word}' begins the flow '{flow}' ({row}) at any question, but not here",
        "usa otra palabra, o lleva esta al mismo flujo: '{word}: {flow}'",
        "use another word, or lead this one to the same flow: '{word}: {flow}'",
    ),
    "duplicate-word": _error(
        "la palabra '{word}' ya inicia otro flujo ({first})",
        "the word '{word}' already starts another flow ({first})",
        "cámbiala, o pon un 'if' distinto en el 'start' de cada uno",
        "change it, or give each flow's 'start' an 'if' of its own",
    ),
    "shared-word": _warning(
        "la palabra '{word}' inicia también otro flujo ({first}); decide su 'if'",
        "the word '{word}' also starts another flow ({first}); its 'if' decides",
        "comprueba que los dos 'if' no sean verdad a la vez",
        "see to it that the two 'if' are never true at once",
    ),
    "shared-any": _warning(
        "otro flujo toma ya cualquier mensaje ({first}), y este nunca empieza así",
        "another flow takes any message already ({first}), and this one never begins by it",
        "deja 'any: true' en uno solo, o ponle un 'if' al primero",
        "keep 'any: true' in one of them, or give the first an 'if'",
    ),
    "jump-without-inputs": _error(
        "el flujo '{flow}' necesita '{name}', y un salto no le da datos",
        "the flow '{flow}' needs '{name}', and a jump gives it nothing",
        "usa 'call' con 'with', o ponle un valor por defecto en 'inputs'",
        "use 'call' with 'with', or give it a default in 'inputs'",
    ),
    "start-without-inputs": _error(
        "'{name}' queda vacío cuando un mensaje inicia el flujo (start: {ways}): un mensaje no da datos",
        "'{name}' stays empty when a message begins the flow (start: {ways}): a message gives no inputs",
        "ponle un valor por defecto, p. ej. 'inputs: {{{name}: \"\"}}', o sácalo de 'inputs' y pregúntalo con 'ask'",
        "give it a default, for example 'inputs: {{{name}: \"\"}}', or take it out of 'inputs' and ask for it by 'ask'",
    ),
    "shared-pattern": _warning(
        "este patrón inicia también otro flujo ({first}), que se prueba primero",
        "this pattern also starts another flow ({first}), which is tried first",
        "cámbialo, o pon en el otro un 'if' que los separe",
        "change it, or give the other an 'if' that tells them apart",
    ),
    "shared-event": _warning(
        "el evento '{value}' inicia también otro flujo ({first}), que se prueba primero",
        "the event '{value}' also starts another flow ({first}), which is tried first",
        "cámbialo, o pon en el otro un 'if' que los separe",
        "change it, or give the other an 'if' that tells them apart",
    ),
    "error-goes-on": _warning(
        "después de estos pasos sigue '{id}', como si la llamada hubiera salido bien",
        "behind these steps comes '{id}', as if the call had gone well",
        "termina la lista con un 'goto' o un 'end'",
        "close the list with a 'goto' or an 'end'",
    ),
    "unknown-handler": _error(
        "ningún módulo registra el handler '{name}'",
        "no module registers the handler '{name}'",
        "regístralo con @handler(\"{name}\") en un módulo de 'handlers:' (hay: {known})",
        "register it with @handler(\"{name}\") in a module of 'handlers:' (there are: {known})",
    ),
    "unknown-argument": _error(
        "'{handler}' no recibe '{name}'",
        "'{handler}' does not take '{name}'",
        "recibe: {takes}",
        "it takes: {takes}",
    ),
    "missing-argument": _error(
        "a '{handler}' le falta el argumento '{name}'",
        "'{handler}' lacks the argument '{name}'",
        "dalo en 'with' (recibe: {takes})",
        "give it in 'with' (it takes: {takes})",
    ),
    "bad-request": _error(
        "esto no dice a quién llamar: {value}",
        "this does not say whom to call: {value}",
        "escribe METODO servicio/ruta, por ejemplo POST agenda/citas, o GET https://…",
        "write METHOD service/path, for example POST agenda/citas, or GET https://…",
    ),
    "template-in-host": _error(
        "el servicio o la dirección no pueden salir de una plantilla",
        "the service or the host cannot come out of a template",
        "escríbelo tal cual; una plantilla va en la ruta: GET agenda/citas/{{{{ id }}}}",
        "write it out; a template stands in the path: GET agenda/citas/{{{{ id }}}}",
    ),
    "tag-in-path": _error(
        "en la ruta no va {{% %}}, solo {{{{ }}}}",
        "a path holds no {{% %}}, only {{{{ }}}}",
        "calcula el valor antes, en un paso 'set'",
        "work the value out before, in a 'set' step",
    ),
    "unknown-service": _error(
        "config.yaml no tiene el servicio '{name}'",
        "config.yaml has no service '{name}'",
        "agrégalo en 'services:' (hay: {known})",
        "add it to 'services:' (there are: {known})",
    ),
    "plain-http": _error(
        "a {host} se llamaría sin cifrar",
        "{host} would be called without encryption",
        "escribe https://; una máquina de tu propia red va en 'http: {{allow: [{host}]}}' de config.yaml",
        "write https://; a machine of your own network stands in 'http: {{allow: [{host}]}}' of config.yaml",
    ),
    "two-bodies": _error(
        "una petición tiene un solo cuerpo, y aquí hay dos: '{first}' y '{second}'",
        "a request has one body, and here are two: '{first}' and '{second}'",
        "deja uno de los dos",
        "keep one of the two",
    ),
    "body-not-sent": _error(
        "una petición {method} no lleva cuerpo ('{key}')",
        "a {method} request has no body ('{key}')",
        "usa 'query', o POST",
        "use 'query', or POST",
    ),
    "bad-header": _error(
        "el flujo no puede poner la cabecera '{name}'",
        "a flow cannot set the header '{name}'",
        "quítala: botkit pone las que hacen falta, o el nombre tiene signos de más",
        "remove it: botkit sets those that are needed, or its name has signs that do not belong there",
    ),
    "key-in-flow": _warning(
        "la cabecera '{name}' suele llevar una clave, y las claves no van en un flujo",
        "the header '{name}' usually carries a key, and keys do not belong in a flow",
        "ponla en 'services:' de config.yaml, con ${{VARIABLE}}",
        "put it into 'services:' of config.yaml, with ${{VARIABLE}}",
    ),
    "bad-status": _error(
        "'{value}' no es el estado de una respuesta",
        "'{value}' is not the status of an answer",
        "escribe un número de 100 a 599, por ejemplo 404",
        "write a number from 100 to 599, for example 404",
    ),
    "min-over-max": _error(
        "'min' ({min}) es mayor que 'max' ({max}): ninguna respuesta serviría",
        "'min' ({min}) is over 'max' ({max}): no answer would do",
        "cambia uno de los dos",
        "change one of the two",
    ),
    "bad-bound": _error(
        "'{value}' no sirve de '{key}' para el tipo '{type}'",
        "'{value}' is no '{key}' for the type '{type}'",
        "escribe un valor como {constant}, o una expresión entre comillas: {template}",
        "write a value like {constant}, or an expression in quotes: {template}",
    ),
    "bound-without-measure": _error(
        "'{key}' no va con el tipo '{type}': no hay menos ni más en él",
        "'{key}' does not go with the type '{type}': there is no less or more in it",
        "borra la clave; para otra condición usa 'check'",
        "remove the key; for another condition use 'check'",
    ),
    "expression-unquoted": _error(
        "'{key}' tiene que ser una expresión, escrita como un solo texto",
        "'{key}' must be an expression, written as one text",
        "pon todo entre comillas: '[item.es, item.en]'",
        "put all of it in quotes: '[item.es, item.en]'",
    ),
    "flow-unused": _warning(
        "nada inicia el flujo '{name}': no tiene palabras en 'start' y ningún paso va a él",
        "nothing begins the flow '{name}': it has no words in 'start' and no step goes to it",
        "agrega 'start: {{words: […]}}', o un 'goto: {name}' en otro flujo",
        "add 'start: {{words: […]}}', or a 'goto: {name}' in another flow",
    ),
    "no-options": _error(
        "'choose' no tiene opciones",
        "'choose' has no options",
        "agrega 'options:' con una lista o un mapa",
        "add 'options:' with a list or a mapping",
    ),
    "duplicate-option": _error(
        "la opción '{label}' ya está en la línea {first}",
        "the option '{label}' already stands in line {first}",
        "cambia uno de los textos: quien responde no podría distinguirlas",
        "change one of the texts: people could not tell them apart",
    ),
    "key-without-use": _error(
        "'{key}' no va con el tipo '{type}'",
        "'{key}' does not go with the type '{type}'",
        "borra la clave o cambia 'type'",
        "remove the key or change 'type'",
    ),
    "sensitive-contact": _error(
        "un dato sensible no se guarda en '{name}', que dura más que el flujo",
        "what is sensitive is not saved in '{name}', which outlives the flow",
        "guárdalo en un dato del flujo: se borra cuando el flujo termina",
        "save it in a slot of the flow: it goes when the flow ends",
    ),
    "arrow-in-option": _warning(
        "la flecha es parte de la opción: se muestra tal cual, y no lleva a ninguna parte",
        "the arrow is part of the option: it is shown as it stands, and leads nowhere",
        "adónde lleva se escribe detrás de dos puntos: '{label}: {target}'",
        "where it leads is written behind a colon: '{label}: {target}'",
    ),
    "option-without-way": _error(
        "la opción '{key}' no dice a dónde ir",
        "the option '{key}' does not say where to go",
        "escribe un destino, o haz una lista de opciones para que todas sigan al paso de abajo",
        "write a target, or make the options a list, so that all go on to the step below",
    ),
    "opt-out-option": _warning(
        "la opción '{label}' es una palabra para darse de baja: quien la escriba dejará de recibir mensajes",
        "the option '{label}' is a word to opt out: whoever writes it will get no more messages",
        "ponle otro texto",
        "give it another text",
    ),
    "number-option": _warning(
        "quien escriba {label} recibirá '{other}', que es la opción número {label}",
        "whoever writes {label} gets '{other}', which is option number {label}",
        "ordena las opciones, o dales un texto con palabras: {label} personas",
        "put the options in order, or give them a text with words: {label} people",
    ),
    "text-too-long": _warning(
        "el texto tiene al menos {length} caracteres, y un mensaje lleva hasta {limit}: no saldría nunca",
        "the text has at least {length} characters, and a message takes up to {limit}: it would never be sent",
        "repártelo en una lista de mensajes, cada uno con su guion",
        "split it into a list of messages, each with its dash",
    ),
    "option-too-long": _warning(
        "'{label}' tiene {length} caracteres; con más de {limit}, el canal '{channel}' no muestra botones ni lista",
        "'{label}' has {length} characters; over {limit}, channel '{channel}' shows neither buttons nor a list",
        "acórtalo; si no, las opciones salen numeradas y la gente escribe el número",
        "shorten it; else the options are numbered, and people type the number",
    ),
    "builtin-off": _error(
        "lleva al flujo incluido '{name}', que config.yaml apaga",
        "leads to the built-in flow '{name}', which config.yaml switches off",
        "enciéndelo en 'builtin', o escribe otro destino",
        "switch it on in 'builtin', or write another target",
    ),
    "any-never-interrupts": _error(
        "'any' no va con 'interrupts: only': un mensaje cualquiera nunca interrumpe",
        "'any' does not go with 'interrupts: only': any message never interrupts",
        "borra 'any', o escribe 'interrupts: true'",
        "remove 'any', or write 'interrupts: true'",
    ),
    "silence-without-effect": _error(
        "este 'silence' no dice nada ni lleva a ningún lado",
        "this 'silence' says nothing and leads nowhere",
        "agrega 'say: …', 'then: …' o los dos",
        "add 'say: …', 'then: …' or both",
    ),
    "at-and-after": _error(
        "un recordatorio lleva 'at' o 'after', no los dos",
        "a reminder has 'at' or 'after', not both",
        "deja uno: 'at' es un momento, 'after' es cuánto falta",
        "leave one: 'at' is a moment, 'after' is how long from now",
    ),
    "save-without-event": _error(
        "este 'wait' no tiene nada que guardar",
        "this 'wait' has nothing to save",
        "quita 'save'; solo el que espera un 'event' trae datos",
        "remove 'save'; only one that waits for an 'event' brings data",
    ),
    # ── conversation tests ──
    "test-step-gone": _error(
        "ningún flujo tiene un paso '{name}'",
        "no flow has a step '{name}'",
        "escribe el nombre que el paso tiene ahora",
        "write the name that the step has now",
    ),
    "test-flow-gone": _error(
        "no hay un flujo '{name}'",
        "there is no flow '{name}'",
        "escribe el nombre que el flujo tiene ahora",
        "write the name that the flow has now",
    ),
    "test-slot-gone": _error(
        "nada en {where} da valor a '{name}'",
        "nothing in {where_en} gives '{name}' a value",
        "tiene: {known}",
        "it has: {known}",
    ),
    "test-config": _error(
        "con este 'config' el bot tiene errores: {why} ({at})",
        "with this 'config' the bot has errors: {why_en} ({at})",
        "'config' cambia config.yaml solo para la prueba; los flujos deben seguir sirviendo",
        "'config' changes config.yaml for the test alone; the flows must still be sound",
    ),
    "each-name": _error(
        "ninguna fila de 'each' da '{name}'",
        "no row of 'each' gives '{name}'",
        "las filas dan: {known}; aquí va un nombre solo, sin filtros",
        "the rows give: {known}; here stands a name alone, without filters",
    ),
    "each-unused": _warning(
        "nada en la prueba usa '{name}', que dan las filas de 'each'",
        "nothing in the test uses '{name}', which rows of 'each' give",
        "escribe {{{{ {name} }}}} donde va su valor, o en 'name' si distingue las filas; o bórralo",
        "write {{{{ {name} }}}} where its value belongs, or in 'name' if it tells the rows apart; or remove it",
    ),
    "not-a-script-line": _error(
        "una línea de un guion lleva una sola clave",
        "a line of a script has exactly one key",
        "las claves son: {known}",
        "the keys are: {known}",
    ),
    # ── config.yaml ──
    "variable-unset": _error(
        "la variable de entorno {name} no está definida",
        "the environment variable {name} is not set",
        "defínela, o escribe ${{{name}:-valor}} para dar uno por defecto",
        "set it, or write ${{{name}:-value}} to give a default",
    ),
    "missing-of-gateway": _error(
        "falta '{key}' en {where}",
        "'{key}' is missing in {where}",
        "agrega '{key}: …': {advice}",
        "add '{key}: …': {advice_en}",
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
    "token-short": _error(
        "el token tiene {length} bytes; se pide al menos {least}",
        "the token has {length} bytes; at least {least} are asked for",
        "haz uno con: openssl rand -hex 32",
        "make one with: openssl rand -hex 32",
    ),
    "service-url": _error(
        "'{value}' no es la dirección de un servicio",
        "'{value}' is not the address of a service",
        "escribe https://… sin consulta, sin # y sin contraseña; los secretos van en 'headers'",
        "write https://… without query, # or password; secrets stand in 'headers'",
    ),
    "channel-name": _error(
        "'{name}' no sirve como nombre de canal",
        "'{name}' will not do as the name of a channel",
        "usa minúsculas, cifras, guion y guion bajo, empezando con una letra: whatsapp",
        "use small letters, digits, dash and underscore, beginning with a letter: whatsapp",
    ),
    "webhook-twice": _error(
        "el canal '{other}' ya usa el webhook {path}",
        "channel '{other}' uses the webhook {path} already",
        "da a cada canal su propio webhook.path",
        "give each channel a webhook.path of its own",
    ),
    "webhook-open": _warning(
        "este canal cree lo que le mande cualquiera: quien halle {path} puede escribir como cualquier persona",
        "this channel believes whatever anybody sends it: who finds {path} can write as any person",
        "si la pasarela firma o manda un secreto, escribe 'kind: hmac' o 'kind: header'; si no, que el proxy deje pasar"
        " solo sus direcciones",
        "if the gateway signs or sends a secret, write 'kind: hmac' or 'kind: header'; else have the proxy let only its"
        " addresses through",
    ),
    "port-twice": _error(
        "{first}.port y {second}.port son los dos {port}",
        "{first}.port and {second}.port are both {port}",
        "da a cada uno su propio puerto",
        "give each a port of its own",
    ),
    "file-twice": _error(
        "log.file y store usan el mismo archivo {path}: el registro dañaría el almacén",
        "log.file and store use one file {path}: the log would damage the store",
        "da al registro su propio archivo: botkit.log",
        "give the log a file of its own: botkit.log",
    ),
    "over-budget": _error(
        "{what} de '{flow}' puede costar {most} envíos, y budget.{key} es {limit}",
        "{what_en} of '{flow}' may take {most} requests, and budget.{key} is {limit}",
        "este paso es el más caro, con {requests}; une mensajes, o sube el límite; todo: botkit check --budget",
        "this step takes the most, {requests}; join messages, or raise the limit; see all: botkit check --budget",
    ),
    "too-many-files": _error(
        "en {path} hay más de {limit} archivos",
        "there are more than {limit} files in {path}",
        "deja en la carpeta de flows solo los flujos del bot",
        "leave only the bot's flows in the folder of flows",
    ),
    "too-deep-folders": _error(
        "{path} tiene más de {limit} niveles de carpetas",
        "{path} has more than {limit} levels of folders",
        "deja en la carpeta de flows solo los flujos del bot",
        "leave only the bot's flows in the folder of flows",
    ),
    "constant-near": _warning(
        "'{key}' se toma como constante propia de bot",
        "'{key}' is taken for a constant of your own in bot",
    ),
    "constant-given": _error(
        "'bot.{key}' ya tiene un sentido",
        "'bot.{key}' has a meaning already",
        "viene de '{means}'; da otro nombre a tu constante",
        "it comes from '{means}'; give your constant another name",
    ),
    # ── hours ──
    "hours-day": _error(
        "'{value}' no es un día",
        "'{value}' is no day",
        "escribe mon … sun o lun … dom, de uno a otro (mon-fri), una fecha (2026-12-24), holidays o closed",
        "write mon … sun, from one to another (mon-fri), a date (2026-12-24), holidays or closed",
    ),
    "hours-span": _error(
        "'{value}' no es un horario",
        "'{value}' is not a span of time",
        'escribe de una hora a otra entre comillas: "08:30-12:30"; varios en una lista; sin horario: closed',
        'write from one time to another in quotes: "08:30-12:30"; several in a list; none: closed',
    ),
    "hours-date": _error(
        "'{value}' no es una fecha",
        "'{value}' is not a date",
        "escribe año, mes y día: 2026-12-24",
        "write year, month and day: 2026-12-24",
    ),
    "hours-twice": _error(
        "'{value}' ya tiene horario",
        "'{value}' has its hours already",
        "cada día va una sola vez: divide el grupo, por ejemplo mon-thu y fri",
        "each day stands once: split the group, for example mon-thu and fri",
    ),
    "hours-country": _error(
        "no se conocen los feriados de '{value}'",
        "the holidays of '{value}' are not known",
        "escribe un país y si quieres su región: {known}",
        "write a country, and its region if you like: {known}",
    ),
}
