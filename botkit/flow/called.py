"""What people write for the names of the language, in Spanish or as in other tools. Data, and the way to ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botkit.flow.problem import nearest

#: A name -> what is written for it, in small letters; a word of several names means the one that may stand there.
_CALLED: Mapping[str, str] = {
    # kinds of answers, and other closed lists of values
    "text": "texto string str nombre",
    "integer": "entero int",
    "number": "numero número float decimal",
    "money": "dinero monto precio currency",
    "date": "fecha dia día day",
    "time": "hora",
    "email": "correo mail",
    "phone": "telefono teléfono celular cel",
    "yes_no": "bool boolean si_no sí_no confirm",
    "url": "enlace link",
    "location": "ubicacion ubicación lugar",
    "image": "foto imagen photo",
    "document": "documento archivo file pdf",
    "audio": "voz voice",
    "question": "pregunta",
    "nothing": "nada",
    "green": "verde low bajo normal",
    "yellow": "amarillo amber medium medio",
    "black": "negro rojo red high alto",
    "true": "si sí verdadero yes",
    "false": "no falso",
    # keys of a flow
    "flow": "flujo",
    "title": "titulo título",
    "start": "inicio empieza comienzo",
    "words": "palabras",
    "interrupts": "interrumpe",
    "steps": "pasos",
    "asides": "apartes",
    "silence": "silencio",
    # keys of a step
    "say": "decir di dice mensaje",
    "ask": "preguntar pregunta",
    "choose": "elegir elige escoger",
    "options": "opciones",
    "save": "guardar guarda",
    "type": "tipo",
    "invalid": "invalido inválido",
    "tries": "intentos",
    "min": "minimo mínimo",
    "max": "maximo máximo",
    "check": "revisar",
    "if": "si",
    "then": "entonces luego",
    "else": "sino",
    "set": "poner",
    "run": "ejecutar correr",
    "with": "con",
    "call": "llamar",
    "goto": "ir ir_a",
    "wait": "esperar espera",
    "after": "despues después",
    "again": "repetir",
    "record": "registrar anotar",
    "handoff": "derivar humano",
    "end": "fin terminar",
    # keys of a test
    "tests": "pruebas",
    "name": "nombre",
    "script": "guion guión",
    "user": "usuario cliente paciente persona",
    "tap": "tocar toca",
    "operator": "operador",
    "event": "evento",
    "load": "carga",
    # keys of config.yaml
    "channels": "canales",
    "timezone": "zona zona_horaria",
    "country": "pais país",
    "language": "idioma",
    "hours": "horario horarios",
    "holidays": "feriados",
    "word": "palabra",
    "port": "puerto",
}
_NAMES: Mapping[str, list[str]] = {
    word: [name for name, words in _CALLED.items() if word in words.split()]
    for words in _CALLED.values()
    for word in words.split()
}


def meant(word: str, known: Sequence[str] | Mapping[str, Any]) -> str | None:
    """Return the known name that a word stands for, else the one that is spelled most like it, or None."""
    called = next((name for name in _NAMES.get(word.lower(), ()) if name in known), None)
    return called or nearest(word, known)
