"""What `gateway` says, in Spanish and English."""

from __future__ import annotations

GATEWAY: dict[str, tuple[str, str]] = {
    # ── help ──
    "gateway": (
        "Ayuda a describir una pasarela en config.yaml.",
        "Help to describe a gateway in config.yaml.",
    ),
    "gateway try": (
        "Muestra en qué eventos se convierte FILE: el cuerpo de un aviso que mandó la pasarela, o lo que respondió al"
        " preguntarle ('-': lo que entra). Sale con 1 si alguna parte no la toma ninguna regla, o no dice nada.",
        "Show which events FILE becomes: the body of a webhook that the gateway sent, or what it answered when it was"
        " polled ('-': what comes in). Exit 1 if no rule takes a part of it, or a part says nothing.",
    ),
    "gateway show": (
        "Muestra el pedido HTTP en que se convierte un mensaje de TYPE: {types}; o el de inbound.poll: poll. No manda"
        " nada.",
        "Show the HTTP request that a message of TYPE becomes: {types}; or that of inbound.poll: poll. Nothing is"
        " sent.",
    ),
    "option no-push": (
        "No avisa de nada: el bot pregunta (inbound.poll).",
        "Push nothing: the bot asks (inbound.poll).",
    ),
    "option header": (
        "Un encabezado que vino con FILE, como 'X-Signature: …'; con él se revisa la firma. Se puede repetir.",
        "A header that came with FILE, such as 'X-Signature: …'; with it the signature is checked. May be repeated.",
    ),
    "option poll": (
        "FILE es la respuesta a inbound.poll; se entiende sola si no hay webhook.",
        "FILE is the answer to inbound.poll; goes without saying where there is no webhook.",
    ),
    "option to": ("A quién, como lo escribe la pasarela.", "To whom, as the gateway writes it."),
    "option content": (
        "Contenido propio: text=Hola, url=https://…, file=menu.png; se puede repetir.",
        "Content of one's own: text=Hello, url=https://…, file=menu.png; may be repeated.",
    ),
    "option option": (
        "Una opción de choices; se puede repetir.",
        "An option of choices; may be repeated.",
    ),
    "gateway probe": (
        "Averigua cómo cuenta la pasarela los pedidos de la clave: manda hasta {most} mensajes de verdad al número de"
        " --to. Pregunta antes. No corre mientras corre el bot.",
        "Find out how the gateway counts the key's requests: send up to {most} real messages to the number of --to."
        " Asks first. Does not run while the bot does.",
    ),
    "option probe to": (
        "A quién van los mensajes: un número tuyo.",
        "Whom the messages go to: a number of yours.",
    ),
    "option dry-run": ("Dice qué mandaría, y no manda nada.", "Say what would be sent, and send nothing."),
    # ── try ──
    "try channel": ("canal {channel}, perfil {profile}", "channel {channel}, profile {profile}"),
    "try unsigned": (
        "la firma no se revisó: da el encabezado con --header",
        "the signature was not checked: give the header with --header",
    ),
    "try open": ("este canal no pide firma", "this channel asks for no signature"),
    "try signed": ("la firma corresponde al cuerpo", "the signature fits the body"),
    "try no header": (
        "falta el encabezado '{header}', que dice webhook.auth.header; FILE recibiría 401",
        "the header '{header}', which webhook.auth.header names, is missing; FILE would be answered 401",
    ),
    "try wrong signature": (
        "lo que dice '{header}' no corresponde a este cuerpo con este secreto; FILE recibiría 401. El cuerpo tiene que"
        " ser byte por byte el que llegó; mira también algorithm, encoding y prefix de webhook.auth",
        "what '{header}' says does not fit this body with this secret; FILE would be answered 401. The body must be"
        " what came, byte for byte; look at algorithm, encoding and prefix of webhook.auth, too",
    ),
    "try no items": (
        "items: '{path}' no encuentra nada en el cuerpo, así que el cuerpo entero es la parte",
        "items: '{path}' finds nothing in the body, so the whole body is the item",
    ),
    "try no list": (
        "items: '{path}' no encuentra una lista en la respuesta; así botkit la da por fallida",
        "items: '{path}' finds no list in the answer; botkit takes such an answer for a failure",
    ),
    "try mapped": ("{where}: {kind}, por la regla {rule}: {when}", "{where}: {kind}, by rule {rule}: {when}"),
    "try unmapped": (
        "{where}: unknown, ninguna regla; se guarda y nadie contesta",
        "{where}: unknown, no rule; it is kept and nobody answers",
    ),
    "try made": ("(hecho por items)", "(made by items)"),
    "try empty": ("(vacío)", "(empty)"),
    "try blank": ("(vacío) '{path}' no dice nada", "(empty) '{path}' says nothing"),
    "try unused": ("sin usar: {keys}", "not used: {keys}"),
    "try nothing": (
        "no hay nada que contestar: no tiene text, choice, media ni location",
        "there is nothing to answer: it has neither text nor choice, media or location",
    ),
    "try stateless": (
        "no tiene 'state' ({known}); no resuelve nada",
        "it has no 'state' ({known}); it settles nothing",
    ),
    "try no state": ("(no es ninguno de {known}; no resuelve nada)", "(none of {known}; it settles nothing)"),
    "try finds nothing": ("'{path}' no encuentra nada", "'{path}' finds nothing"),
    "try no path": ("la regla no lo llena", "the rule does not fill it"),
    "try unreadable": ("'{path}' da {found}, que no se entiende", "'{path}' gives {found}, which cannot be read"),
    "try near": ("; ¿quisiste decir '{near}'?", "; did you mean '{near}'?"),
    "try rule": ("la regla {rule} no: {when}", "not rule {rule}: {when}"),
    "try compared": ("{name} es {found}", "{name} is {found}"),
    "try no contact": (
        "la regla {rule} sí, pero falta el contacto: {gap}",
        "rule {rule} does, but the contact is missing: {gap}",
    ),
    "try has": ("tiene: {keys}", "it has: {keys}"),
    "try sum": ("{n} eventos, {unmapped} sin regla", "{n} events, {unmapped} without a rule"),
    "try sum 1": ("{n} evento, {unmapped} sin regla", "{n} event, {unmapped} without a rule"),
    "no json at": (
        "{file}:{line}:{column}: esto no es JSON; un aviso capturado es el cuerpo solo, como llegó, sin encabezados ni"
        " líneas de registro",
        "{file}:{line}:{column}: this is no JSON; a captured webhook is the body alone, as it came, without headers and"
        " lines of a log",
    ),
    "no json empty": ("{file} está vacío; el cuerpo de un aviso es JSON", "{file} is empty; a webhook's body is JSON"),
    "no json form": (
        "{file} parece un formulario (a=b&c=d); botkit recibe solo avisos en JSON",
        "{file} looks like a form (a=b&c=d); botkit takes webhooks in JSON only",
    ),
    "no json deep": (
        "{file} tiene más de {most} niveles, y botkit no lo toma",
        "{file} is nested more than {most} deep, which botkit does not take",
    ),
    "no json many": (
        "{file} trae más de {most} partes; un aviso así recibe 413",
        "{file} brings more than {most} items; such a webhook is answered 413",
    ),
    "no json large": (
        "{file} tiene más de {most} bytes, y botkit no lo toma",
        "{file} has more than {most} bytes, which botkit does not take",
    ),
    "no header": (
        "--header '{given}' no es un encabezado; escribe --header 'X-Signature: …'",
        "--header '{given}' is no header; write --header 'X-Signature: …'",
    ),
    # ── show ──
    "show target": ("canal {channel} → {target}; no se manda nada", "channel {channel} → {target}; nothing is sent"),
    "show first": ("el primer pedido:", "the first request:"),
    "show later": (
        "uno de después; ID y CURSOR son lo que se leyó antes:",
        "a later one; ID and CURSOR are what was read before:",
    ),
    "show no poll": (
        "este canal no tiene 'inbound.poll': espera que la pasarela avise",
        "this channel has no 'inbound.poll': it waits for the gateway to push",
    ),
    "rung itself": ("{type} → {type}", "{type} → {type}"),
    "rung buttons": ("{type} → botones", "{type} → buttons"),
    "rung list": ("{type} → lista", "{type} → list"),
    "rung numbered": ("{type} → texto numerado", "{type} → numbered text"),
    "rung link": ("{type} → texto con un enlace", "{type} → text with a link"),
    "rung words": ("{type} → texto", "{type} → text"),
    "rung parts": ("{type} → {n} pedidos", "{type} → {n} requests"),
    "rung nothing": ("{type} → nada", "{type} → nothing"),
    "rung rooms": (
        "opciones: {n}, la más larga de {longest} letras; botones: {buttons}; lista: {list}",
        "options: {n}, the longest of {longest} characters; buttons: {buttons}; list: {list}",
    ),
    "rung room": ("hasta {n} de {title} letras", "up to {n} of {title} characters"),
    "rung no room": ("no", "none"),
    "show unmapped": (
        "{place}: no hay 'send.{type}'{why}",
        "{place}: there is no 'send.{type}'{why}",
    ),
    "why typing": (
        ", y está bien: gasta un pedido por mensaje",
        ", which is as it should be: it costs a request a message",
    ),
    "why choices": (
        ": las opciones van como texto numerado; agrégalo si la pasarela tiene botones o listas",
        ": options go as numbered text; add it if the gateway has buttons or lists",
    ),
    "why medium": (
        ": va como texto; agrégalo si la pasarela lo recibe",
        ": it goes as text; add it if the gateway takes it",
    ),
    "show unwritable": ("no se puede escribir el pedido: {why}", "the request cannot be written: {why}"),
    "show cut": ("… ({n} letras)", "… ({n} characters)"),
    "no type": (
        "'{type}' no es un tipo de mensaje; hay: {known}",
        "'{type}' is no type of message; there are: {known}",
    ),
    "no content": (
        "--with '{given}' no sirve: escribe NAME=VALUE; {type} tiene: {known}",
        "--with '{given}' does not work: write NAME=VALUE; {type} has: {known}",
    ),
    "no medium": (
        "no hay una foto, un audio, un video ni un documento '{file}' en la carpeta {folder}",
        "there is no picture, audio, video or document '{file}' in the folder {folder}",
    ),
    "no number": ("--with {name}: '{value}' no es un número", "--with {name}: '{value}' is no number"),
    "no options": ("--option es solo para choices", "--option is for choices only"),
    "sample text": ("Hola, Ana. Tu cita es mañana a las 10:00.", "Hello Ana. Your appointment is tomorrow at 10:00."),
    "sample question": ("¿Qué hora prefieres?", "Which hour do you prefer?"),
    "sample caption": ("Así llegas", "How to get here"),
    "sample name": ("Clínica Sol", "Clínica Sol"),
    # ── probe ──
    "probe target": (
        "destino: {target}, canal {channel}",
        "target: {target}, channel {channel}",
    ),
    "probe real": ("{url}, una pasarela de verdad (perfil {profile})", "{url}, a real gateway (profile {profile})"),
    "probe plan": (
        "Se mandan hasta {most} mensajes de texto a {to}, uno tras otro, y cada uno le llega. Tarda unos {least} a"
        " {longest} s y gasta el límite de la clave; nadie más debe usarla mientras tanto. Se espera lo que dice"
        " `rate`: {limit} pedidos en {period} s.",
        "Up to {most} text messages are sent to {to}, one after the other, and each of them arrives. It takes some"
        " {least} to {longest} s and uses up the key's limit; nobody else must use it meanwhile. What `rate` says is"
        " expected: {limit} requests in {period} s.",
    ),
    "probe dry": (
        "El primer pedido sería este; no se mandó nada.",
        "The first request would be this; nothing was sent.",
    ),
    "ask probe": ("¿Mandarlos?", "Send them?"),
    "probe text": ("Prueba de botkit {n} de {most}", "Test of botkit {n} of {most}"),
    "probe owned": (
        "el bot corre y manda con esta clave; detenlo y prueba otra vez: lo que mande la prueba no lo vería su límite",
        "the bot runs and sends with this key; stop it and try again: its gate would not see what the probe sends",
    ),
    "probe rests": (
        "la clave se usó hace poco; se espera {seconds} s hasta que nada de eso cuente",
        "the key was used a while ago; waiting {seconds} s until nothing of that counts any more",
    ),
    "probe sum": (
        "{n} pedidos en {seconds} s: {taken} aceptados, {refused} con 429",
        "{n} requests in {seconds} s: {taken} taken, {refused} answered 429",
    ),
    "probe ended": (
        "se cortó antes: la pasarela respondió {answer}, que no dice nada del límite",
        "it ended early: the gateway answered {answer}, which says nothing of the limit",
    ),
    "probe unreachable": (
        "nadie atiende en {url} ({why})",
        "nobody answers at {url} ({why})",
    ),
    "probe sandbox": (
        "; la pasarela de prueba se levanta con `botkit sandbox`, en otra terminal",
        "; the sandbox is run by `botkit sandbox`, in another terminal",
    ),
    "probe at once": (
        "el primer pedido ya recibió 429: la clave se usa en otra parte, o el plan está agotado",
        "the first request was answered 429 already: the key is used elsewhere, or its plan is used up",
    ),
    "probe no refusal": (
        "ninguno recibió 429: el límite es mayor de lo que se puede ver con {n} pedidos en {seconds} s",
        "none was answered 429: the limit is more than {n} requests in {seconds} s can show",
    ),
    "probe no guess": (
        "ninguna forma de contar conocida explica estas respuestas; ¿usó alguien más la clave?",
        "no known way to count explains these answers; did somebody else use the key?",
    ),
    "probe counts": ("cuenta así: {kind}", "it counts so: {kind}"),
    "probe also": ("también lo explica: {kind}", "this explains it, too: {kind}"),
    "kind fixed": (
        "fixed, ventanas de reloj: {limit} en {period} s, y en el cambio de ventana de nuevo todas",
        "fixed, windows of the clock: {limit} in {period} s, and all of them again when the next one begins",
    ),
    "kind first-hit": (
        "first-hit, una ventana que abre el primer pedido: {limit} en {period} s",
        "first-hit, a window that the first request opens: {limit} in {period} s",
    ),
    "kind sliding-log": (
        "sliding-log, una ventana que corre: {limit} en cualquier lapso de {period} s; los rechazados no cuentan",
        "sliding-log, a window that slides: {limit} in any {period} s; refused requests do not count",
    ),
    "kind sliding-log-strict": (
        "sliding-log-strict, una ventana que corre: {limit} en cualquier lapso de {period} s; los rechazados también"
        " cuentan",
        "sliding-log-strict, a window that slides: {limit} in any {period} s; refused requests count, too",
    ),
    "kind token-bucket": (
        "token-bucket, un balde de {limit} fichas, que recibe una cada {period} s",
        "token-bucket, a bucket of {limit} tokens that gets one every {period} s",
    ),
    "kind leaky": (
        "leaky, de a uno: un pedido cada {period} s",
        "leaky, one at a time: a request every {period} s",
    ),
    "probe range": ("{least} a {most}", "{least} to {most}"),
    "probe as expected": (
        "lo que dice `rate` en config.yaml es una de esas posibilidades",
        "what `rate` says in config.yaml is one of these",
    ),
    "probe write": ("para config.yaml: {rate}", "for config.yaml: {rate}"),
    "probe header": (
        "encabezado {name}: {values} (en {n} de {refused} respuestas 429)",
        "header {name}: {values} (in {n} of {refused} answers 429)",
    ),
    "probe no retry-after": ("Retry-After no viene con los 429", "Retry-After does not come with 429s"),
    "probe no headers": ("no viene ningún encabezado del límite", "no header of the limit comes"),
}
