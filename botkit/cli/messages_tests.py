"""What `botkit test` says, in Spanish and English."""

from __future__ import annotations

TEST: dict[str, tuple[str, str]] = {
    "test": (
        "Corre las pruebas de conversación de PATH (por defecto, todas).",
        "Run the conversation tests in PATH (all by default).",
    ),
    "option coverage": (
        "Lista los caminos de los flujos que ninguna prueba tomó, y cuántos tomaron.",
        "List the ways of the flows that no test took, and how many were taken.",
    ),
    "option mutate": (
        "Cambia textos, destinos, condiciones y límites de los flujos, uno por vez y solo en la memoria; lista lo que"
        " ninguna prueba notó.",
        "Change texts, targets, conditions and limits of the flows, one at a time and in memory only; list what no test"
        " noticed.",
    ),
    "option fail-under": (
        "Sale con 1 si es menos de este porcentaje; implica --coverage si no va con --mutate.",
        "Exit 1 when it is less than this percentage; implies --coverage unless it goes with --mutate.",
    ),
    "option -k": (
        "Solo las pruebas con NAME en su nombre; también 'a and not b'.",
        "Only tests with NAME in their name; also 'a and not b'.",
    ),
    "option junit": (
        "Escribe los resultados como XML de JUnit, que GitHub y GitLab muestran.",
        "Write the results as JUnit XML, which GitHub and GitLab show.",
    ),
    "option restart-everywhere": (
        "Reinicia el proceso cada vez que la conversación espera.",
        "Restart the process whenever the conversation waits.",
    ),
    "no tests": (
        "no hay pruebas que correr; escribe una en un archivo *.test.yaml junto a los flujos",
        "there are no tests to run; write one in a file *.test.yaml beside the flows",
    ),
    "several bots": (
        "{path} es de otro bot que el de {config}; prueba uno por vez",
        "{path} belongs to another bot than that of {config}; test one at a time",
    ),
    "no tests there": ("no hay pruebas en {path}; no corrió nada", "there are no tests in {path}; nothing ran"),
    "cannot write": ("no se puede escribir {path}: {why}", "cannot write {path}: {why}"),
    "junit without file": (
        "--junit no nombra ningún archivo; escribe por ejemplo --junit resultados.xml",
        "--junit names no file; write for example --junit results.xml",
    ),
    "not results": (
        "{path} ya existe y no es un XML de JUnit: queda como está y no corrió nada; después de --junit va el archivo"
        " que se escribe, por ejemplo --junit resultados.xml",
        "{path} is there and is no JUnit XML: it is left as it is, and nothing ran; what follows --junit is the file to"
        " write, for example --junit results.xml",
    ),
    "no percentage": ("{value} no es un porcentaje de 0 a 100.", "{value} is no percentage from 0 to 100."),
    "broken pattern": (
        "no se entiende '{pattern}' de -k, y ninguna prueba lo lleva así en su nombre; no corrió nada. Escribe palabras"
        " unidas con 'and', 'or' y 'not', y cierra cada paréntesis: -k 'reserva and not (cancela or cambia)'",
        "'{pattern}' of -k cannot be read, and no test has it in its name; nothing ran. Write words joined by 'and',"
        " 'or' and 'not', and close each parenthesis: -k 'books and not (cancels or changes)'",
    ),
    "no such test": (
        "ninguna prueba tiene '{pattern}' en su nombre; no corrió nada",
        "no test has '{pattern}' in its name; nothing ran",
    ),
    "passed": ("{n} pruebas pasaron", "{n} tests passed"),
    "passed 1": ("{n} prueba pasó", "{n} test passed"),
    "coverage all": ("las pruebas tomaron todos los caminos", "the tests took every way"),
    "coverage missing": ("caminos que ninguna prueba tomó:", "ways that no test took:"),
    "coverage total": ("total", "total"),
    "mutants all": ("las pruebas notaron todos los cambios", "the tests noticed every change"),
    "mutants missed": ("cambios que ninguna prueba notó:", "changes that no test noticed:"),
    "mutants untested": (
        "{flow}: ninguna prueba pasa por este flujo ({n} cambios)",
        "{flow}: no test comes through this flow ({n} changes)",
    ),
    "mutants untested 1": (
        "{flow}: ninguna prueba pasa por este flujo ({n} cambio)",
        "{flow}: no test comes through this flow ({n} change)",
    ),
    "mutants row": ("notados {n} de {of} ({percent} %)", "noticed {n} of {of} ({percent} %)"),
    "mutants refused": (
        "{n} cambios quedaron fuera: 'botkit check' los encuentra por sí solo",
        "{n} changes were left out: 'botkit check' finds them by itself",
    ),
    "mutants refused 1": (
        "{n} cambio quedó fuera: 'botkit check' lo encuentra por sí solo",
        "{n} change was left out: 'botkit check' finds it by itself",
    ),
    "mutants interrupted": (
        "interrumpido tras {n} de {of} cambios; hasta ahí:",
        "interrupted after {n} of {of} changes; up to there:",
    ),
    "fail-under coverage": (
        "caminos tomados: {percent} % es menos que {least} %",
        "ways taken: {percent} % is less than {least} %",
    ),
    "fail-under mutants": (
        "cambios notados: {percent} % es menos que {least} %",
        "changes noticed: {percent} % is less than {least} %",
    ),
    "failed": ("pruebas que fallaron: {failed} de {n}", "{failed} of {n} tests failed"),
    "failed 1": ("pruebas que fallaron: {failed} de {n}", "{failed} of {n} test failed"),
}
