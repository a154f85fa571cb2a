"""The words of a way in, each with what it means in Spanish and English: fields of events, and signatures.

The first feeds the checker of rules; all feed the guides to connecting a gateway.
"""

from __future__ import annotations

Texts = tuple[str, str]

#: What a rule may fill; `kind` is the rule's own.
EVENT_FIELDS: dict[str, Texts] = {
    "id": (
        "el id del mensaje en la pasarela; en un `status`, el que respondió al envío",
        "the message's id at the gateway; of a `status`, the one that the send was answered with",
    ),
    "contact": (
        "con quién es la charla: quien escribe; en `echo` y `status`, a quién iba; en un grupo, el grupo",
        "whom the talk is with: who writes; of an `echo` or `status`, whom it went to; in a group, the group",
    ),
    "sender": ("en un grupo, quién escribió", "in a group, who wrote"),
    "is_group": (
        "si es de un grupo; un contacto como `…@g.us` lo es sin decirlo. Se guarda y nadie contesta",
        "whether it is of a group; a contact such as `…@g.us` is one unsaid. It is kept and nobody answers",
    ),
    "from_me": (
        "si lo mandó el propio número: de un `message` hace un `echo`",
        "whether the number itself sent it: it makes an `echo` of a `message`",
    ),
    "name": ("cómo se llama la persona", "what the person is called"),
    "at": (
        "cuándo: segundos o milisegundos desde 1970, o ISO 8601 (sin zona: UTC)",
        "when: seconds or milliseconds since 1970, or ISO 8601 (without a zone: UTC)",
    ),
    "text": (
        "sus palabras: lo escrito; en `edit`, el texto nuevo; en `reaction`, el emoji",
        "its words: what was written; of an `edit`, the new text; of a `reaction`, the emoji",
    ),
    "choice": (
        "el botón o la fila que se tocó: `{id, title, message_id}`, o solo su título; `id` es el de la opción que se"
        " mandó, `message_id` el mensaje que la mostraba",
        "the button or row that was tapped: `{id, title, message_id}`, or its title alone; `id` is that of the option"
        " as it was sent, `message_id` the message that showed it",
    ),
    "media": (
        "lo adjunto: `{type, id, url, name, caption}`; `type` es image, document, audio, video o un tipo MIME, y hace"
        " falta `url`, o `id` con `media.fetch`",
        "what was attached: `{type, id, url, name, caption}`; `type` is image, document, audio, video or a MIME type,"
        " and it takes `url`, or `id` with `media.fetch`",
    ),
    "location": (
        "un lugar: `{latitude, longitude, name}`, en grados",
        "a place: `{latitude, longitude, name}`, in degrees",
    ),
    "reply_to": (
        "el id del mensaje al que responde, o al que se refiere un `reaction`, `edit` o `revoke`",
        "the id of the message that it answers, or that a `reaction`, `edit` or `revoke` is about",
    ),
    "state": (
        "en `status`: sent, delivered, read o failed; en `session`: linked o unlinked",
        "of a `status`: sent, delivered, read or failed; of a `session`: linked or unlinked",
    ),
}

#: kind of event -> what its rule fills, and what becomes of it.
EVENT_NEEDS: dict[str, Texts] = {
    "message": (
        "`contact`, y `text`, `choice`, `media` o `location`; `id` y `at`, para que cuente una vez. Se contesta",
        "`contact`, and `text`, `choice`, `media` or `location`; `id` and `at`, so that it counts once. It is answered",
    ),
    "echo": (
        "`contact`, `id`, y lo que se mandó. Del bot mismo o de alguien en el teléfono; nadie contesta",
        "`contact`, `id`, and what was sent. Of the bot itself or of somebody on the phone; nobody answers",
    ),
    "status": (
        "`id`, `state`; `contact`, para los envíos cuya respuesta se perdió",
        "`id`, `state`; `contact`, for sends whose answer was lost",
    ),
    "session": (
        "`state`: mientras diga unlinked no se manda nada",
        "`state`: while it says unlinked, nothing is sent",
    ),
    "reaction": (
        "`contact`, `id`, `at`, `text`, `reply_to`. Se guarda",
        "`contact`, `id`, `at`, `text`, `reply_to`. It is kept",
    ),
    "edit": (
        "`contact`, `id`, `at`, `text`, y `reply_to` si `id` no es el del mensaje que cambia. Se guarda; no cambia una"
        " respuesta ya dada",
        "`contact`, `id`, `at`, `text`, and `reply_to` if `id` is not that of the message it changes. It is kept; it"
        " changes no answer that was given",
    ),
    "revoke": ("`contact`, y `reply_to` o `id`. Se guarda", "`contact`, and `reply_to` or `id`. It is kept"),
    "unknown": ("nada: se guarda como llegó", "nothing: it is kept as it came"),
}

#: key of `webhook.auth` -> what it can say, the first as a rule where it need not be said -> what that means.
AUTH_WORDS: dict[str, dict[str, Texts]] = {
    "kind": {
        "hmac": (
            "firma HMAC del cuerpo tal como llegó, en `header`, con `secret`",
            "an HMAC signature over the raw body, in `header`, with `secret`",
        ),
        "standard": (
            "la firma de Standard Webhooks, sobre id, hora y cuerpo, con `secret` (`whsec_…`) y nada más; la hora puede"
            " diferir 5 minutos, así que el reloj debe ir bien",
            "the signature of Standard Webhooks, over id, time and body, with `secret` (`whsec_…`) and nothing else;"
            " the time may be 5 minutes off, so the clock must be right",
        ),
        "header": ("`header` trae el `secret` mismo", "`header` carries the `secret` itself"),
        "none": (
            "nada: cualquiera que halle la dirección puede escribir como cualquier persona",
            "nothing: anybody who finds the address can write as any person",
        ),
    },
    "algorithm": {
        "sha256": ("lo que vale si falta", "what holds if it is left out"),
        "sha1": ("si el proveedor lo dice", "if the provider says so"),
        "sha512": ("si el proveedor lo dice", "if the provider says so"),
    },
    "encoding": {
        "hex": (
            "cifras y letras de la a a la f; lo que vale si falta",
            "digits and letters a to f; what holds if it is left out",
        ),
        "base64": ("letras, cifras, `+`, `/` y `=` al final", "letters, digits, `+`, `/` and `=` at the end"),
    },
}
