"""The example's handlers: a calendar and a kitchen, both in a SQLite file beside the bot's own.

In a real shop these functions would call the calendar or the till that is already there. They show what matters: plain
functions run in threads, arguments are read by their annotations, and what must not happen twice asks for
`ctx.idempotency_key`, which stays the same when a call is repeated after a crash.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import Any

from botkit import Context, handler

FILE = os.environ.get("EXAMPLE_DB", "example.db")
HOURS = ("09:00", "10:00", "11:00", "15:00", "16:00")
#: Working days that are offered at a time.
DAYS = 5

MENU = {
    "saltena": {"nombre": "Salteña", "precio": 8, "palabras": ["salteñas", "saltenia"]},
    "silpancho": {"nombre": "Silpancho", "precio": 35, "palabras": ["silpanchos"]},
    "pique": {"nombre": "Pique macho", "precio": 70, "palabras": ["pique", "piques"]},
    "mocochinchi": {"nombre": "Mocochinchi", "precio": 10, "palabras": ["refresco", "bebida"]},
}

TABLES = """
CREATE TABLE IF NOT EXISTS cita (clave TEXT PRIMARY KEY, fecha TEXT, hora TEXT, nombre TEXT, UNIQUE (fecha, hora));
CREATE TABLE IF NOT EXISTS pedido (clave TEXT PRIMARY KEY, numero INTEGER, total REAL, modo TEXT);
"""


def connect() -> sqlite3.Connection:
    """Open the example's file and make its tables."""
    db = sqlite3.connect(FILE, timeout=5)
    db.executescript(TABLES)
    return db


@handler("agenda.dias")
def next_days() -> list[date]:
    """Return the next working days that still have an hour free."""
    found: list[date] = []
    day = date.today()
    while len(found) < DAYS:
        day += timedelta(days=1)
        if day.weekday() < 6 and free_hours(day):
            found.append(day)
    return found


@handler("agenda.horas")
def free_hours(fecha: date) -> list[str]:
    """Return the hours of a day that nobody has booked."""
    with closing(connect()) as db:
        taken = {hora for (hora,) in db.execute("SELECT hora FROM cita WHERE fecha = ?", (fecha.isoformat(),))}
    return [hour for hour in HOURS if hour not in taken]


@handler("agenda.reservar")
def book(fecha: date, hora: str, nombre: str | None, ctx: Context) -> str:
    """Book an hour and return its code; the same call booked twice is one appointment."""
    with closing(connect()) as db, db:
        db.execute(
            "INSERT INTO cita (clave, fecha, hora, nombre) VALUES (?, ?, ?, ?) ON CONFLICT (clave) DO NOTHING",
            (ctx.idempotency_key, fecha.isoformat(), hora, nombre),
        )
        (number,) = db.execute("SELECT rowid FROM cita WHERE clave = ?", (ctx.idempotency_key,)).fetchone()
    ctx.log.info("appointment_booked", number=number)
    return f"C-{number}"


@handler("carta.platos")
def dishes() -> list[dict[str, Any]]:
    """Return the menu as options."""
    return [
        {"id": key, "texto": f"{dish['nombre']} (Bs {dish['precio']})", "palabras": [dish["nombre"], *dish["palabras"]]}
        for key, dish in MENU.items()
    ]


@handler("carta.linea")
def line(plato: str, cantidad: int) -> dict[str, Any]:
    """Return a line of the order with its price."""
    dish = MENU[plato]
    return {"nombre": dish["nombre"], "cantidad": cantidad, "subtotal": dish["precio"] * cantidad}


@handler("carta.confirmar")
async def confirm(lineas: list[dict[str, Any]], total: float, modo: str, ctx: Context) -> str:
    """Send an order to the kitchen and return its number; the same call twice is one order."""
    with closing(connect()) as db, db:
        db.execute(
            "INSERT INTO pedido (clave, numero, total, modo)"
            " SELECT ?, 1 + COALESCE(MAX(numero), 0), ?, ? FROM pedido WHERE true ON CONFLICT (clave) DO NOTHING",
            (ctx.idempotency_key, total, modo),
        )
        (number,) = db.execute("SELECT numero FROM pedido WHERE clave = ?", (ctx.idempotency_key,)).fetchone()
    ctx.log.info("order_placed", number=number, lines=len(lineas))
    return f"P-{number}"
