"""What `doctor` says of the channels, in Spanish and English: their webhooks, gateways, and what waits to be sent."""

from __future__ import annotations

CHANNELS: dict[str, tuple[str, str]] = {
    "doctor webhook": ("avisos de '{channel}' en {url}", "webhooks of '{channel}' at {url}"),
    "doctor webhook-unknown": (
        "nadie sabe la dirección pública de los avisos de '{channel}' ({path})",
        "the public address of the webhooks of '{channel}' is not known ({path})",
    ),
    "doctor webhook-unknown hint": (
        "pon server.public_url, la dirección https que ve la pasarela",
        "set server.public_url, the https address that the gateway sees",
    ),
    "doctor webhook-open": (
        "'{channel}' acepta avisos sin firma ni secreto (webhook.auth: {{kind: none}})",
        "'{channel}' takes webhooks without signature or secret (webhook.auth: {{kind: none}})",
    ),
    "doctor webhook-open hint": (
        "quien halle {path} puede escribir como cualquier persona: usa kind: hmac o header; si no se puede, una ruta"
        " larga y secreta",
        "who finds {path} can write as any person: use kind: hmac or header; failing that, a long secret path",
    ),
    "doctor webhook-http": (
        "los avisos de '{channel}' llegan sin cifrar: {url}",
        "webhooks of '{channel}' come in the clear: {url}",
    ),
    "doctor webhook-http hint": (
        "pon un proxy con TLS delante y https en server.public_url",
        "put a proxy with TLS in front, and https in server.public_url",
    ),
    "doctor webhook-loopback": (
        "server.public_url es una dirección de esta máquina: {url}",
        "server.public_url is an address of this machine: {url}",
    ),
    "doctor webhook-loopback hint": (
        "la pasarela no puede llegar ahí; usa un dominio o un túnel",
        "no gateway reaches that; use a domain or a tunnel",
    ),
    "doctor key-held": ("no sale nada por '{channel}': {why}", "nothing leaves by '{channel}': {why}"),
    "doctor key-held hint": ("'botkit outbox list' muestra lo que espera", "'botkit outbox list' shows what waits"),
    "doctor deaf": (
        "lo que se escribe a '{channel}' no se puede leer: {why}",
        "what people write to '{channel}' cannot be read: {why}",
    ),
    "doctor deaf hint": (
        "corrige inbound.poll o api_key en config.yaml y reinicia el bot; nada de lo escrito se pierde por eso",
        "mend inbound.poll or api_key in config.yaml and restart the bot; nothing that was written is lost by this",
    ),
    "doctor paused": ("'{channel}' está EN PAUSA desde {since}", "'{channel}' is PAUSED since {since}"),
    "doctor paused hint": (
        "'botkit outbox resume {channel}' vuelve a enviar",
        "'botkit outbox resume {channel}' sends again",
    ),
    "doctor in-doubt": (
        "'{channel}': mensajes de los que no se sabe si llegaron: {n}",
        "'{channel}': messages of which nobody knows whether they arrived: {n}",
    ),
    "doctor in-doubt hint": (
        "'botkit outbox list --state uncertain' los muestra",
        "'botkit outbox list --state uncertain' shows them",
    ),
    "doctor gateway": (
        "pasarela de '{channel}' ({host}): abre y su certificado vale",
        "gateway of '{channel}' ({host}): open, its certificate holds",
    ),
    "doctor gateway-sandbox": ("'{channel}' usa la pasarela de prueba", "'{channel}' uses the sandbox"),
    "doctor gateway-sandbox hint": ("nada sale de esta máquina", "nothing leaves this machine"),
    "doctor gateway-unknown": ("nadie conoce {host} (canal '{channel}')", "nobody knows {host} (channel '{channel}')"),
    "doctor gateway-unknown hint": ("revisa base_url, la red y el DNS", "check base_url, the network and DNS"),
    "doctor gateway-closed": (
        "{host} no abre: {why} (canal '{channel}')",
        "{host} does not open: {why} (channel '{channel}')",
    ),
    "doctor gateway-closed hint": ("revisa el cortafuegos y el puerto", "check the firewall and the port"),
    "doctor gateway-certificate": (
        "el certificado de {host} no vale: {why}",
        "the certificate of {host} does not hold: {why}",
    ),
    "doctor gateway-certificate hint": (
        "revisa base_url y la hora; no se manda nada así",
        "check base_url and the clock; nothing is sent this way",
    ),
    "option spend": (
        "Manda además un pedido de verdad a cada pasarela, que gasta uno del límite; el bot debe estar en marcha.",
        "Also make one real request to each gateway, which spends one of the limit; the bot must be running.",
    ),
    "option accept-target": (
        "Con el bot detenido: este almacén sigue con la pasarela que config.yaml nombra ahora, y lo que espera sale por"
        " ella. Entre la pasarela de prueba y una de verdad no se puede.",
        "With the bot stopped: this store goes on with the gateway that config.yaml names now, and what waits leaves by"
        " it. Not between the sandbox and a gateway that serves people.",
    ),
    "doctor target-accepted": (
        "'{channel}' pasa de {before} a {target}",
        "'{channel}' goes on from {before} to {target}",
    ),
    "doctor spend-none": (
        "no se gastó ningún envío en '{channel}': {why}",
        "no request of '{channel}' was spent: {why}",
    ),
    "doctor spend-none hint": ("arranca el bot y repite con --spend", "start the bot, and give --spend again"),
    "doctor spend-held": (
        "no se gastó ningún envío en '{channel}': {why}",
        "no request of '{channel}' was spent: {why}",
    ),
    "doctor spend-held until": ("{why}; se prueba {at}", "{why}; it is probed {at}"),
    "doctor spend-held hint": (
        "'botkit outbox list' dice cómo está; repite con --spend cuando se haya probado",
        "'botkit outbox list' says how it stands; give --spend again once it was probed",
    ),
    "doctor gateway-answers": (
        "la pasarela de '{channel}' contesta ({status}) y no rechaza la clave",
        "the gateway of '{channel}' answers ({status}) and does not refuse the key",
    ),
    "doctor key-refused": (
        "la pasarela de '{channel}' rechaza la clave ({status})",
        "the gateway of '{channel}' refuses the key ({status})",
    ),
    "doctor key-refused hint": (
        "corrige api_key y reinicia el bot",
        "mend api_key and restart the bot",
    ),
    "doctor key-busy": (
        "'{channel}' no tiene lugar en su límite ahora",
        "'{channel}' has no room in its limit now",
    ),
    "doctor key-busy hint": ("espera un minuto y repite", "wait a minute and try again"),
    "doctor gateway-silent": (
        "la pasarela de '{channel}' no contesta bien: {why}",
        "the gateway of '{channel}' does not answer well: {why}",
    ),
    "doctor gateway-silent hint": (
        "si sigue en cinco minutos, avisa a su soporte",
        "if that lasts for five minutes, tell its support",
    ),
}
