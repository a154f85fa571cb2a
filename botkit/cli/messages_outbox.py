"""What `outbox` says, in Spanish and English."""

from __future__ import annotations

OUTBOX: dict[str, tuple[str, str]] = {
    "outbox": ("Los mensajes por enviar y enviados.", "Messages to be sent, and sent ones."),
    "outbox list": (
        "Dice cómo está cada canal y lista lo que espera, en el orden en que sale; con CONTACT, solo lo suyo.",
        "Say how each channel stands and list what waits, in the order in which it leaves; with CONTACT only theirs.",
    ),
    "outbox show": (
        "Cuenta la historia del mensaje ID: quién lo dijo, sus pedidos y qué se espera de él.",
        "Tell the story of message ID: who said it, its requests, and what is to be expected of it.",
    ),
    "outbox retry": (
        "Pone otra vez en espera mensajes que fallaron, vencieron, se descartaron o están en duda. Vuelven a su lugar,"
        " o al final si detrás de ellos ya salió otro.",
        "Have messages wait again that failed, expired, were dropped or are in doubt. They go back to their place, or"
        " to the end if one behind them has left.",
    ),
    "outbox drop": (
        "Descarta lo que espera: los mensajes ID, los de un contacto, o todos. Los flujos que escuchan se enteran.",
        "Drop what waits: messages ID, those of a contact, or all. Flows that listen are told.",
    ),
    "outbox pause": (
        "Deja de enviar por CHANNEL, o por todos, hasta 'resume'; dura aunque el bot se reinicie. Nada se pierde.",
        "Stop sending by CHANNEL, or by all, until 'resume'; it lasts over restarts. Nothing is lost.",
    ),
    "outbox resume": (
        "Vuelve a enviar por CHANNEL, o por todos, y prueba enseguida lo que quizás se corrigió de su clave.",
        "Send by CHANNEL again, or by all, and probe at once what may have been mended of its key.",
    ),
    "option state": (
        "Solo los mensajes en este estado, los nuevos primero si ya no esperan; 'all': todos.",
        "Only messages in this state, newest first where they do not wait; 'all': every one.",
    ),
    "option request": (
        "ID es el de un pedido, como lo dan las alertas y el registro.",
        "ID is that of a request, as alerts and the log give it.",
    ),
    "option limit": ("Cuántos mensajes, a lo sumo.", "How many messages, at most."),
    "option of contact": ("Los de este contacto.", "Those of this contact."),
    "option all": ("Todo lo que espera.", "All that waits."),
    "no messages": ("no hay mensajes", "there are no messages"),
    "nothing waits": ("no hay mensajes en espera", "no messages wait"),
    "queue more": ("… y {n} más", "… and {n} more"),
    "queue asleep": (
        "el bot no corre: nada sale hasta `botkit run`",
        "the bot does not run: nothing leaves until `botkit run`",
    ),
    "channel stands": (
        "{channel}: {limit} pedidos por {period} s{learnt}, nivel {level}, en espera {waiting}{air}",
        "{channel}: {limit} requests per {period} s{learnt}, level {level}, waiting {waiting}{air}",
    ),
    "channel learnt": (" (aprendido; config.yaml dice {limit})", " (learnt; config.yaml says {limit})"),
    "channel air": ("; en vuelo {flying}, en duda {uncertain}", "; in flight {flying}, in doubt {uncertain}"),
    "channel paused": (
        "EN PAUSA desde {since}; `botkit outbox resume {channel}` lo reanuda",
        "PAUSED since {since}; `botkit outbox resume {channel}` ends it",
    ),
    "channel held": ("DETENIDO: {why}", "HELD: {why}"),
    "channel probed": ("DETENIDO: {why}; se prueba {at}", "HELD: {why}; it is probed {at}"),
    "channel deaf": (
        "SORDO desde {since}: lo que escribe la gente no se puede leer, {why}",
        "DEAF since {since}: what people write cannot be read, {why}",
    ),
    "deaf": (
        "inbound.poll falla; mira poll_refused o poll_failed en el registro",
        "inbound.poll fails; look for poll_refused or poll_failed in the log",
    ),
    "deaf answered": (
        "la pasarela contesta {status} a inbound.poll; mira poll_refused en el registro",
        "the gateway answers {status} to inbound.poll; look for poll_refused in the log",
    ),
    # ── why a message has not left: botkit/outbox/forecast.py, REASONS ──
    "reason paused": ("el canal está en pausa", "the channel is paused"),
    "reason unlinked": ("la sesión de WhatsApp está desvinculada", "the WhatsApp session is not linked"),
    "reason redirect": (
        "la pasarela redirige; corrige base_url y reinicia el bot",
        "the gateway redirects; mend base_url and restart the bot",
    ),
    "reason unauthorized": (
        "la pasarela rechaza la clave (401 o 403)",
        "the gateway refuses the key (401 or 403)",
    ),
    "reason refused": (
        "la pasarela rechazó mensajes a muchos contactos; revisa send",
        "the gateway refused messages to many contacts; check send",
    ),
    "reason throttled": ("la pasarela pidió esperar (429)", "the gateway asked to wait (429)"),
    "reason quota": ("el plan de la clave se agotó (429)", "the key's plan is used up (429)"),
    "reason unavailable": ("la pasarela no está disponible (503)", "the gateway is unavailable (503)"),
    "reason unreachable": ("no se llega a la pasarela", "the gateway cannot be reached"),
    "reason server_error": ("la pasarela falló (5xx)", "the gateway failed (5xx)"),
    "reason silent": ("la pasarela no contesta", "the gateway does not answer"),
    "reason unreadable": ("no se entiende a la pasarela", "the gateway's answers cannot be read"),
    "reason restored": (
        "el almacén viene de una copia; espera un período",
        "the store came from a backup; it waits for one period",
    ),
    "reason probing": ("un pedido prueba si la pasarela volvió", "a request asks whether the gateway is back"),
    "reason limit": ("límite de la clave", "limit of the key"),
    "reason pace": ("ritmo de la clave", "pace of the key"),
    "reason flying": ("se está enviando", "it is being sent"),
    "reason uncertain": (
        "no se sabe si llegó; se decide cuando pase la espera",
        "nobody knows whether it arrived; that is decided after a wait",
    ),
    "reason uncertain paused": (
        "no se sabe si llegó; se decide cuando el canal siga",
        "nobody knows whether it arrived; that is decided when the channel goes on",
    ),
    "reason held": (
        "no se sabe si llegó; espera noticias, o `outbox retry` u `outbox drop`",
        "nobody knows whether it arrived; it waits for news, or for `outbox retry` or `outbox drop`",
    ),
    "reason behind flying": ("detrás de uno que se está enviando", "behind one that is being sent"),
    "reason behind uncertain": (
        "detrás de uno que no se sabe si llegó",
        "behind one of which nobody knows whether it arrived",
    ),
    "reason behind held": (
        "detrás de uno que no se sabe si llegó y que espera a una persona",
        "behind one of which nobody knows whether it arrived, and which waits for a person",
    ),
    "reason behind": ("detrás de otros del mismo contacto", "behind others of the same contact"),
    "reason black": ("demasiada gente espera: los masivos se detienen", "too many people wait: broadcasts stop"),
    "reason turn": ("otros van primero", "others go first"),
    "reason next": ("es el siguiente", "it is next"),
    "reason not running": ("el bot no corre", "the bot does not run"),
    "reason gone": ("config.yaml ya no tiene este canal", "config.yaml has this channel no more"),
    # ── states, and why a message ended: what the store holds is English ──
    "state pending": ("en espera", "pending"),
    "state flying": ("en vuelo", "flying"),
    "state uncertain": ("en duda", "uncertain"),
    "state sent": ("enviado", "sent"),
    "state failed": ("falló", "failed"),
    "state unconfirmed": ("sin confirmar", "unconfirmed"),
    "state dropped": ("descartado", "dropped"),
    "state expired": ("vencido", "expired"),
    "state replaced": ("reemplazado", "replaced"),
    "state muted": ("silenciado", "muted"),
    "state returned": ("no aceptado", "not taken"),
    "level green": ("verde", "green"),
    "level yellow": ("amarillo", "yellow"),
    "level black": ("negro", "black"),
    "detail shown again before it was sent": (
        "se mostró otra vez antes de salir",
        "shown again before it was sent",
    ),
    "detail said three times to one who repeats the same": (
        "ya se dijo tres veces a quien repite lo mismo",
        "said three times to one who repeats the same",
    ),
    "detail dropped by an operator": ("lo descartó un operador", "dropped by an operator"),
    "detail it waited in a backup that was restored; it may have been sent since": (
        "esperaba en una copia que se restauró; quizás ya salió",
        "it waited in a backup that was restored; it may have been sent since",
    ),
    "detail to be sent again, by an operator": (
        "un operador hizo que se envíe otra vez",
        "to be sent again, by an operator",
    ),
    "detail the store refused the intent": ("el almacén no lo dejó salir", "the store refused the intent"),
    **dict.fromkeys(
        ("detail ClientConnectorError", "detail ClientConnectorDNSError", "detail ConnectionTimeoutError"),
        ("no se pudo conectar con la pasarela", "no connection to the gateway could be made"),
    ),
    **dict.fromkeys(
        ("detail ServerDisconnectedError", "detail ClientOSError", "detail ClientPayloadError"),
        ("la conexión se cortó", "the connection was lost"),
    ),
    **dict.fromkeys(
        ("detail TimeoutError", "detail ServerTimeoutError", "detail SocketTimeoutError"),
        ("la pasarela no contestó a tiempo", "the gateway did not answer in time"),
    ),
    # ── times ──
    "leaves now": ("ahora", "now"),
    "leaves in": ("en unos {time} ({at})", "in about {time} ({at})"),
    # ── one message ──
    "one message": ("mensaje", "message"),
    "one of": ("{id} ({lane} {seq}, {rank})", "{id} ({lane} {seq}, {rank})"),
    "one to": ("para", "to"),
    "one state": ("estado", "state"),
    "one said": ("lo dijo", "said by"),
    "one queued": ("en cola desde", "queued"),
    "one leaves": ("sale", "leaves"),
    "one never": ("no por sí solo", "not by itself"),
    "one expires": ("vence", "expires"),
    "one delivery": ("entrega", "delivery"),
    "one request": ("pedido {id}", "request {id}"),
    "one answered": (
        "{status}, {tries}, enviado {sent}, contestado {answered}",
        "{status}, {tries}, sent {sent}, answered {answered}",
    ),
    "one silent": (
        "{status}, {tries}, la última vez {sent}, sin respuesta",
        "{status}, {tries}, last {sent}, no answer",
    ),
    "one returned": ("{status}, {sent}", "{status}, {sent}"),
    "tried": ("{n} intentos", "tried {n} times"),
    "tried 0": ("ya se intentó antes", "tried before"),
    "tried 1": ("un intento", "tried once"),
    "tried 2": ("dos intentos", "tried twice"),
    "one text": ("texto", "text"),
    # ── changes ──
    "retry asks": (
        "Estos mensajes pueden haber llegado y podrían llegar dos veces: {ids}. ¿Los reenvío?",
        "These messages may have arrived and could come twice: {ids}. Send them again?",
    ),
    "drop asks": ("¿Descarto {n} mensajes en espera{doubt}?", "Drop {n} messages that wait{doubt}?"),
    "drop asks 1": ("¿Descarto {n} mensaje en espera{doubt}?", "Drop {n} message that waits{doubt}?"),
    "drop doubt": (" ({n} en duda)", " ({n} in doubt)"),
    "needs yes": (
        "esta orden pregunta antes de actuar, y aquí no puede; con --yes no pregunta",
        "this command asks before it acts, and cannot ask here; --yes does not ask",
    ),
    "drop what": (
        "di qué descartar: mensajes ID, --contact CONTACT o --all",
        "say what to drop: messages ID, --contact CONTACT or --all",
    ),
    "not logged": ("hecho, pero no se pudo anotar en el registro: {why}", "done, but the log does not tell it: {why}"),
    "did nothing": ("no se cambió nada", "nothing was changed"),
    "did retry": ("en espera otra vez: {rows}", "waiting again: {rows}"),
    "did move": (
        "{old} se envía otra vez como {new}, al final de su fila: detrás de él ya salió otro",
        "{old} is sent again as {new}, at the end of its lane: one behind it has left",
    ),
    "did drop": ("descartados: {n}", "dropped: {n}"),
    "did drop told": ("descartados: {n}; se avisó a los flujos: {told}", "dropped: {n}; flows told: {told}"),
    "did pause": ("en pausa: {channels}", "paused: {channels}"),
    "still held": ("{channel} sigue detenido: {why}", "{channel} is still held: {why}"),
    "still held until": (
        "{channel} sigue detenido hasta {at}: {why}",
        "{channel} is still held until {at}: {why}",
    ),
    "did resume": ("reanudado: {channels}", "resumed: {channels}"),
}
