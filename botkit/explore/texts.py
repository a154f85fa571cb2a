"""Texts that people send to any question: typical ones, and those that break what was not made for them."""

from __future__ import annotations

#: Longest text that a person can send in one message (WhatsApp's own limit for a text).
LONGEST = 4096

#: What people answer to a question of any text.
TYPICAL = ("Ana Pérez", "Calle Sucre 7, planta baja", "2", "rojo", "No sé, lo que tú digas")

#: What is sent to every question sooner or later -> why.
HOSTILE: dict[str, str] = {
    "🎉🎉": "nothing but emoji",
    "{{ contact.name }}": "looks like a template",
    "{% if %}": "looks like a broken template",
    "*negrita* _cursiva_ `x`": "WhatsApp's marks",
    "línea uno\nlínea dos": "two lines",
    "مرحبا שלום": "written from right to left",
    "0": "nought",
    "-1": "below nought",
    "999999999999": "a huge number",
    "/nada": "a command that nobody knows",
    "'; DROP TABLE x;--": "quotes and dashes",
    "a\u200bb": "a sign that takes no room",
    "   x   ": "blanks around",
}

#: A text as long as it can be, of words, so that a gateway can cut it.
LONG = ("palabra " * (LONGEST // 8))[:LONGEST].rstrip() + "s"

#: type of answer -> texts that are read as one.
READABLE: dict[str, tuple[str, ...]] = {
    "integer": ("3", "1", "2", "7", "10", "20", "35", "100"),
    "number": ("3", "1,5", "10", "20", "100"),
    "money": ("50", "Bs 20", "100", "7000"),
    "email": ("ana@example.com", "a.b-c@sub.example.org"),
    "phone": ("71234567", "+591 71234567", "+54 9 11 2345-6789"),
    "yes_no": ("sí", "no", "👍", "claro que no"),
    "url": ("https://example.com/a", "www.example.com"),
    "time": ("15:30", "09:00", "12:00", "18:00", "23:59", "00:00"),
}
#: type of answer -> texts that are nearly one.
BESIDE: dict[str, tuple[str, ...]] = {
    "integer": ("1.5", "tres o cuatro", "0", "-1"),
    "number": ("mucho", "0", "-1"),
    "money": ("gratis", "0", "-5"),
    "date": ("31/2/2026", "algún día"),
    "datetime": ("mañana", "a las 3"),
    "time": ("25:00", "tarde"),
    "email": ("ana@", "ana arroba example.com"),
    "phone": ("123", "mi número"),
    "yes_no": ("quizás",),
    "url": ("example",),
}
#: kind of medium -> names of files that people send.
FILES: dict[str, tuple[str, ...]] = {
    "image": ("foto.jpg", "foto.png"),
    "document": ("informe.pdf", "carta.docx"),
    "audio": ("voz.ogg",),
    "video": ("video.mp4",),
}
