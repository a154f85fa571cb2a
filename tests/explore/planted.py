"""Flows with one bug each, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass

CONFIG = """bot: {name: Prueba, language: es}
channels: {whatsapp: {base_url: sandbox}}
handlers: [handlers.py]
services: {tienda: {url: https://tienda.example.com, retries: 1}}
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """A flow with a bug: `wrong` stands in it, `right` mends it; `kind` is what must be found. `handlers` is Python."""

    name: str
    kind: str
    flow: str
    wrong: str
    right: str
    handlers: str = ""

    @property
    def mended(self) -> str:
        """Return the flow without its bug."""
        assert self.wrong in self.flow
        return self.flow.replace(self.wrong, self.right)


PLANTED = (
    Planted(
        "division by nought",
        "fails",
        """flow: cuenta
start: {words: [dividir]}
steps:
  - ask: ¿Cuánto fue la cuenta?
    save: total
    type: money
    min: 1
  - ask: ¿Entre cuántos?
    save: personas
    type: integer
    min: 0
    max: 30
    invalid: Escribe cuántos son.
  - say: "A cada uno le toca {{ (total / personas) | money }}."
""",
        "min: 0",
        "min: 1",
    ),
    Planted(
        "a list that is empty some days",
        "fails",
        """flow: cita
start: {words: [cita]}
steps:
  - ask: ¿Qué día quieres venir?
    save: dia
    type: date
    min: "{{ today }}"
  - run: agenda.horas
    with: [dia]
    save: horas
    on_error: llamar
  - choose: ¿A qué hora?
    save: hora
    options:
      - {from: horas}
  - say: "Te espero a las {{ hora }}."
asides:
  llamar:
    - say: Llámanos, por favor.
""",
        "  - choose: ¿A qué hora?\n",
        "  - if: not horas\n    then: llamar\n  - choose: ¿A qué hora?\n",
        """from datetime import date
from botkit import Context, handler


@handler("agenda.horas")
def horas(dia: date, ctx: Context) -> list[str]:
    raise OSError("no calendar here")
""",
    ),
    Planted(
        "a service that is down",
        "unhandled",
        """flow: envio
start: {words: [envío]}
steps:
  - ask: ¿Qué número tiene tu pedido?
    save: numero
    pattern: '^\\d{4}$'
    invalid: Son cuatro cifras.
  - http: GET tienda/pedidos/{{ numero }}
    save: {estado: response.json.estado}
  - choose: "Tu pedido está en {{ estado or 'camino' }}. ¿Algo más?"
    id: mas
    options: {Otro pedido: numero, Llamar: llamar, Nada más: adios}
asides:
  adios:
    - say: ¡Que te vaya bien!
  llamar:
    - say: Llámanos, por favor.
""",
        "    save: {estado: response.json.estado}\n",
        "    save: {estado: response.json.estado}\n    on_error: llamar\n",
    ),
    Planted(
        "a message that grows with what people write",
        "too-long",
        """flow: queja
start: {words: [queja]}
steps:
  - ask: Cuéntame qué pasó.
    save: texto
    max: 4096
    invalid: Cuéntalo más corto, por favor.
  - say: "Anoté esto: {{ texto }}. Te llamamos mañana."
""",
        "max: 4096",
        "max: 500",
    ),
    Planted(
        "a slot that one way leaves unset",
        "hole",
        """flow: socio
start: {words: [socio]}
steps:
  - ask: ¿Eres socio?
    save: es_socio
    type: yes_no
  - if: es_socio
    then:
      - set: {descuento: 10}
  - say: "Tu descuento es de {{ descuento }} %."
""",
        "      - set: {descuento: 10}\n",
        "      - set: {descuento: 10}\n    else:\n      - set: {descuento: 0}\n",
    ),
    Planted(
        "a silence that goes back to its own question",
        "nags",
        """flow: turno
start: {words: [turno]}
steps:
  - ask: ¿A nombre de quién?
    id: nombre
    save: nombre
    max: 40
    silence: {after: 2h, say: ¿Sigues ahí?, then: nombre}
  - say: "Listo, {{ nombre }}."
""",
        "then: nombre}",
        "then: end}",
    ),
    Planted(
        "a pattern that leaves no answer",
        "refused",
        """flow: carnet
start: {words: [carnet]}
steps:
  - ask: ¿Cuál es tu número de carnet?
    save: carnet
    pattern: '^\\d{7}$'
    max: 6
    invalid: Son siete cifras, sin puntos.
  - say: "Anoté {{ carnet }}."
""",
        "    max: 6\n",
        "",
    ),
    Planted(
        "a check the wrong way round",
        "taken",
        """flow: visita
start: {words: [visita]}
steps:
  - ask: ¿Qué día vienes?
    save: dia
    type: date
    check:
      - if: answer > today
        say: Ese día ya pasó.
    invalid: Escribe un día.
  - say: "Te espero el {{ dia | date }}."
""",
        "answer > today",
        "answer < today",
    ),
    Planted(
        "a way that only leads back",
        "round",
        """flow: pizza
start: {words: [pizza]}
steps:
  - choose: ¿De qué la quieres?
    save: sabor
    options: [Jamón, Queso]
  - choose: "Una de {{ sabor }}. ¿La pido?"
    id: confirmar
    options: {Sí: cocina, Otra: sabor}
asides:
  cocina:
    - set: {listo: true}
    - goto: sabor
""",
        "    - goto: sabor\n",
        "    - say: Ya está en el horno.\n",
    ),
    Planted(
        "an option that ends without a word",
        "mute",
        """flow: boletin
start: {words: [boletín]}
steps:
  - choose: ¿Quieres nuestras novedades?
    id: quiere
    options: {Sí: si, No: "no"}
asides:
  si:
    - set: {contact.boletin: true}
  no:
    - say: Está bien.
""",
        "    - set: {contact.boletin: true}\n",
        "    - set: {contact.boletin: true}\n    - say: Te apunté.\n",
    ),
    Planted(
        "a bound that is one too low",
        "not-taken",
        """flow: nota
start: {words: [nota]}
steps:
  - ask: ¿Qué nota nos das?
    save: nota
    type: integer
    min: 1
    max: 9
    invalid: Escribe un número del 1 al 10.
  - say: "Gracias por tu {{ nota }}."
""",
        "max: 9",
        "max: 10",
    ),
    Planted(
        "an answer in the place of another",
        "overwritten",
        """flow: ficha
start: {words: [ficha]}
steps:
  - ask: ¿Cómo te llamas?
    id: duenio
    save: nombre
    max: 40
  - ask: ¿Cómo se llama tu mascota?
    id: mascota
    save: nombre
    max: 40
  - say: "Esperamos a {{ nombre }}."
""",
        "    id: mascota\n    save: nombre\n",
        "    id: mascota\n    save: mascota\n",
    ),
    Planted(
        "flows that call each other",
        "fails",
        """flow: menu
start: {words: [menú]}
steps:
  - choose: ¿Qué quieres ver?
    id: que
    options: {Horario: abierto, Salir: adios}
asides:
  abierto:
    - call: horario
  adios:
    - say: ¡Hasta luego!
---
flow: horario
steps:
  - choose: "De lunes a viernes, de 8 a 16. ¿Algo más?"
    id: mas
    options: {Volver al menú: volver, Nada: nada}
asides:
  volver:
    - call: menu
  nada:
    - say: Está bien.
""",
        "    - call: menu\n",
        "    - say: Vuelve a escribir menú.\n    - goto: quit\n",
    ),
    Planted(
        "a handler that fails for an answer at the edge",
        "fails",
        """flow: credito
start: {words: [crédito]}
steps:
  - ask: ¿En cuántas cuotas?
    save: cuotas
    type: integer
    min: 0
    max: 24
    invalid: Escribe un número.
  - run: credito.cuota
    with: [cuotas]
    save: monto
  - say: "Pagarás {{ monto }} cada mes."
""",
        "min: 0",
        "min: 1",
        """from botkit import handler


@handler("credito.cuota")
def cuota(cuotas: int) -> float:
    return round(1200 / cuotas, 2)
""",
    ),
    Planted(
        "a condition that no option meets",
        "never",
        """flow: planes
start: {words: [plan]}
steps:
  - choose: ¿Qué plan quieres?
    save: plan
    options:
      - {label: Básico, value: basico}
      - {label: Premium, value: premium}
  - if: plan == 'Premium'
    then: regalo
    else: normal
asides:
  regalo:
    - say: Te toca un regalo con tu plan.
  normal:
    - say: "Listo, tu plan es {{ plan }}."
""",
        "== 'Premium'",
        "== 'premium'",
    ),
    Planted(
        "an event that may never come",
        "deaf",
        """flow: pago
start: {words: [pagar]}
steps:
  - say: "Paga en https://x.bo y te aviso."
  - wait: {event: pagado}
    save: {monto: event.monto}
  - say: "Recibí {{ monto | money }}."
""",
        "  - wait: {event: pagado}\n",
        "  - wait: {event: pagado, timeout: 1d, then: [{say: No llegó tu pago.}, {goto: end}]}\n",
    ),
    Planted(
        "an option that nobody can tap",
        "long-option",
        """flow: cursos
start: {words: [curso]}
steps:
  - run: cursos.lista
    save: cursos
  - choose: ¿Qué curso te interesa?
    save: curso
    options:
      - {from: cursos, label: item.nombre, value: item.id}
  - say: "Te inscribí en {{ curso }}."
""",
        "label: item.nombre",
        "label: item.corto",
        """from botkit import handler


@handler("cursos.lista")
def lista():
    names = {"Inglés": "Inglés", "Contabilidad": "Introducción a la contabilidad para pequeños negocios"}
    return [{"id": number, "corto": short, "nombre": names[short]} for number, short in enumerate(names)]
""",
    ),
    Planted(
        "a day that is over",
        "over",
        """flow: hora
start: {words: [hora]}
steps:
  - ask: ¿Para qué día quieres la cita?
    save: dia
    type: date
  - say: "Te espero el {{ dia | date }}."
""",
        "    type: date\n",
        "    type: date\n    min: '{{ today }}'\n",
    ),
    Planted(
        "what fails while many people write",
        "fails",
        """flow: pedido
start: {words: [pedido]}
steps:
  - ask: ¿Cuántas porciones quieres?
    save: porciones
    type: integer
    min: 0
    max: 30
    invalid: Escribe un número.
  - if: load == 'black'
    then:
      - say: "Cada una sale en {{ 60 / porciones }} minutos."
  - say: "Anotado: {{ porciones }}."
""",
        "min: 0",
        "min: 1",
    ),
    Planted(
        "a condition of the load and an answer that is never true",
        "never",
        """flow: torta
start: {words: [torta]}
steps:
  - choose: ¿De qué la quieres?
    save: sabor
    options: [Chocolate, Vainilla]
  - say: Hoy la de vainilla tarda más.
    if: load == 'black' and sabor == 'vainilla'
  - say: "Anotado: {{ sabor }}."
""",
        "'vainilla'",
        "'Vainilla'",
    ),
)
