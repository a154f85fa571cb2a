"""What `doctor` says of machine, store and process, in Spanish and English, and what to do about each finding.

What it says of the channels stands in `messages_doctor_channels`.
"""

from __future__ import annotations

from botkit.cli.messages_doctor_channels import CHANNELS

DOCTOR: dict[str, tuple[str, str]] = {
    "doctor": (
        "Revisa configuración, almacén, reloj, disco, límites y si la pasarela responde, sin gastar un envío; sale con"
        " 1 si algo está mal.",
        "Look at configuration, store, clock, disk, limits and whether the gateway can be reached, without spending a"
        " request; exit 1 if something is wrong.",
    ),
    "doctor config": (
        "config.yaml en orden; flujos: {flows}, funciones: {handlers}",
        "config.yaml in order; flows: {flows}, handlers: {handlers}",
    ),
    "doctor config-warned": (
        "avisos en config.yaml o los flujos: {warnings}",
        "warnings in config.yaml or flows: {warnings}",
    ),
    "doctor config-warned hint": ("'botkit check' los muestra", "'botkit check' shows them"),
    "doctor config-wrong": (
        "errores en config.yaml, los flujos o las funciones: {errors}",
        "errors in config.yaml, flows or handlers: {errors}",
    ),
    "doctor config-wrong hint": (
        "corrígelos: con ellos el bot no arranca",
        "mend them: with these the bot does not start",
    ),
    "doctor store": (
        "almacén {path} sano: {bytes}, esquema {schema}",
        "store {path} is sound: {bytes}, schema {schema}",
    ),
    "doctor store-none": ("todavía no hay almacén {path}", "there is no store {path} yet"),
    "doctor store-none hint": ("empieza con el primer 'botkit run'", "it begins with the first 'botkit run'"),
    "doctor store-gone": ("{why}", "{why}"),
    "doctor store-gone hint": ("así 'botkit run' no arranca", "'botkit run' does not start like this"),
    "doctor store-lost": (
        "alguien movió o borró el almacén {path} con el bot en marcha",
        "the store {path} was moved or deleted under the running bot",
    ),
    "doctor store-lost hint": (
        "devuélvelo a su lugar, o detén el bot y haz 'botkit restore' de la última copia",
        "put it back, or stop the bot and 'botkit restore' the last backup",
    ),
    "doctor store-damaged": ("el almacén {path} está dañado: {why}", "the store {path} is damaged: {why}"),
    "doctor store-damaged hint": (
        "detén el bot y haz 'botkit restore' de la última copia; el archivo dañado queda al lado",
        "stop the bot, and 'botkit restore' the last backup; the damaged file stays beside it",
    ),
    "doctor store-refused": ("el almacén no se puede leer: {why}", "the store cannot be read: {why}"),
    "doctor store-refused hint": (
        "mira permisos, disco y quién lo tiene abierto",
        "look at permissions, disk, and who has it open",
    ),
    "doctor store-of-another": ("{why}", "{why}"),
    "doctor store-of-another hint": ("así 'botkit run' no arranca", "'botkit run' does not start like this"),
    "doctor schema-older": (
        "el almacén tiene el esquema {schema}; este botkit usa el {knows}",
        "the store has schema {schema}; this botkit uses {knows}",
    ),
    "doctor schema-older hint": (
        "'botkit run' lo pone al día; haz antes 'botkit backup'",
        "'botkit run' brings it up to date; make a 'botkit backup' first",
    ),
    "doctor schema-newer": (
        "el almacén tiene el esquema {schema}, más nuevo que este botkit ({knows})",
        "the store has schema {schema}, newer than this botkit ({knows})",
    ),
    "doctor schema-newer hint": ("usa el botkit que lo hizo, o uno más nuevo", "use the botkit that made it, or newer"),
    "doctor store-unsynced": (
        "los cambios no llegan al disco antes del 200 (synchronous={synchronous})",
        "commits do not reach the disk before the 200 (synchronous={synchronous})",
    ),
    "doctor store-unsynced hint": (
        "es un defecto de botkit: avísanos, y no confíes en el 200",
        "this is a defect of botkit: report it, and do not trust the 200",
    ),
    "doctor store-log": ("el registro del almacén mide {bytes}", "the store's log is {bytes}"),
    "doctor store-log hint": (
        "algo lo tiene abierto (una copia, un visor); ciérralo",
        "something holds it (a backup, a viewer); close that",
    ),
    "doctor disk-no-copy": (
        "una copia del almacén ({bytes}) no cabe en este disco",
        "a backup of the store ({bytes}) does not fit on this disk",
    ),
    "doctor disk-no-copy hint": ("haz las copias en otro disco", "make backups on another disk"),
    "doctor open-to-others": ("otros pueden leer {path} (modo {mode})", "others can read {path} (mode {mode})"),
    "doctor open-to-others hint": (
        "chmod 600: guarda lo que escribe la gente",
        "chmod 600: it holds what people wrote",
    ),
    "doctor clock-behind": (
        "el reloj va {seconds} s detrás del último mensaje guardado",
        "the clock is {seconds} s behind the last event in the store",
    ),
    "doctor clock-behind hint": (
        "pon la hora (timedatectl set-ntp true): recordatorios y límite dependen de ella",
        "set the time (timedatectl set-ntp true): reminders and the limit depend on it",
    ),
    "doctor clock-doubted": (
        "el reloj saltó {hours} h desde que corrió el bot: por ahora no se borra nada por edad ('retention')",
        "the clock is {hours} h ahead of when the bot ran last: nothing is erased by age for now ('retention')",
    ),
    "doctor clock-doubted hint": (
        "mira la fecha ('timedatectl'); si es la de hoy, se borrará al llegar un mensaje o tras correr un día",
        "look at the date ('timedatectl'); if it is today's, erasing goes on with the next message, or after a day",
    ),
    "doctor clock": (
        "el reloj va como el de la pasarela de '{channel}'",
        "the clock agrees with that of the gateway of '{channel}'",
    ),
    "doctor clock-fast": (
        "el reloj va al menos {seconds} s adelantado al de la pasarela de '{channel}'",
        "the clock is at least {seconds} s ahead of that of the gateway of '{channel}'",
    ),
    "doctor clock-fast hint": (
        "pon la hora (timedatectl set-ntp true): recordatorios, esperas y horarios llegan antes de tiempo, y desde"
        " 300 s se rechazan los avisos firmados con hora (auth: {{kind: standard}})",
        "set the time (timedatectl set-ntp true): reminders, waits and hours come too early, and from 300 s on webhooks"
        " that are signed with a time are refused (auth: {{kind: standard}})",
    ),
    "doctor clock-slow": (
        "el reloj va al menos {seconds} s atrasado respecto al de la pasarela de '{channel}'",
        "the clock is at least {seconds} s behind that of the gateway of '{channel}'",
    ),
    "doctor clock-slow hint": (
        "pon la hora (timedatectl set-ntp true): recordatorios, esperas y horarios llegan tarde, y desde 300 s se"
        " rechazan los avisos firmados con hora (auth: {{kind: standard}})",
        "set the time (timedatectl set-ntp true): reminders, waits and hours come too late, and from 300 s on webhooks"
        " that are signed with a time are refused (auth: {{kind: standard}})",
    ),
    "doctor clock-moved": (
        "el reloj se movió {seconds} s desde que arrancó el bot",
        "the clock was moved by {seconds} s since the bot started",
    ),
    "doctor clock-moved hint": ("deja que NTP lo lleve", "let NTP keep it"),
    "doctor process": (
        "el bot corre: {target}; mensajes en espera: {pending}",
        "the bot runs: {target}; messages waiting: {pending}",
    ),
    "doctor process-none": ("no corre ningún bot con este almacén", "no bot runs on this store"),
    "doctor process-none hint": ("'botkit run' lo arranca", "'botkit run' starts it"),
    "doctor process-silent": ("el bot corre pero {url} no contesta", "the bot runs, but {url} does not answer"),
    "doctor process-silent hint": (
        "mira el registro; ¿cambiaste server.port sin reiniciar?",
        "look at the log; was server.port changed without a restart?",
    ),
    "doctor process-not-ready": ("el bot corre y no recibe mensajes", "the bot runs and takes no events"),
    "doctor process-not-ready hint": ("está arrancando o parando", "it starts or stops"),
    "doctor store-takes-nothing": (
        "el bot corre y no recibe mensajes, su almacén no acepta nada: {why}",
        "the bot runs and takes no events, its store takes nothing: {why}",
    ),
    "doctor store-takes-nothing hint": ("{mend}; luego el bot sigue solo", "{mend}; then the bot goes on by itself"),
    "doctor handlers-hung": ("funciones que no terminan: {n}", "handlers that do not come back: {n}"),
    "doctor handlers-hung hint": (
        "handlers_hung en el registro dice cuáles; ponles un tiempo límite",
        "handlers_hung in the log says which; give them a time limit",
    ),
    "doctor dead-letters": ("mensajes que no se pudieron atender: {n}", "events that could not be handled: {n}"),
    "doctor dead-letters hint": ("'botkit dead list' los muestra", "'botkit dead list' shows them"),
    "doctor disk": ("disco: {bytes} libres", "disk: {bytes} free"),
    "doctor disk-low": ("quedan {bytes} en el disco de {path}", "{bytes} are left on the disk of {path}"),
    "doctor disk-low hint": (
        "haz lugar: con el disco lleno el bot contesta 503 y no recibe",
        "make room: with a full disk the bot answers 503 and takes nothing",
    ),
    "doctor folder-none": ("no se puede ver {path}: {why}", "{path} cannot be seen: {why}"),
    "doctor folder-none hint": ("crea la carpeta o corrige 'store'", "make the folder or mend 'store'"),
    "doctor memory": ("memoria: {bytes} libres", "memory: {bytes} free"),
    "doctor memory-low": ("quedan {bytes} de memoria", "{bytes} of memory are left"),
    "doctor memory-low hint": ("cierra otros programas o agrega memoria", "end other programs, or add memory"),
    "doctor files": ("archivos abiertos: hasta {files}", "open files: up to {files}"),
    "doctor files-few": ("solo {files} archivos abiertos a la vez", "only {files} files may be open at once"),
    "doctor files-few hint": (
        "LimitNOFILE=65536 en systemd, o ulimit -n 4096",
        "LimitNOFILE=65536 in systemd, or ulimit -n 4096",
    ),
    "doctor zones": ("zonas horarias: {zones}", "time zones: {zones}"),
    "doctor zones-none": ("no hay datos de zonas horarias", "there is no time zone data"),
    "doctor zones-none hint": ("instala tzdata", "install tzdata"),
    "doctor log": ("el registro {path} se puede escribir", "the log {path} can be written"),
    "doctor log-refused": ("el registro {path} no se puede escribir", "the log {path} cannot be written"),
    "doctor log-of-another": (
        "el usuario {user} no puede escribir {path}, que es de {owner}",
        "user {user} cannot write {path}, which is {owner}'s",
    ),
    "doctor log-of-another hint": (
        "'chown {user} {path}', o cambia log.file: ahí va el registro",
        "'chown {user} {path}', or change log.file: the log goes there",
    ),
    "doctor root": ("esto corre como root, y {path} es de {owner}", "this runs as root, and {path} is {owner}'s"),
    "doctor root hint": (
        "corre el bot y sus comandos como {owner}: 'sudo -u {owner} …'",
        "run the bot and its commands as {owner}: 'sudo -u {owner} …'",
    ),
    "doctor log-refused hint": ("da permiso o cambia log.file", "allow it, or change log.file"),
    "option json doctor": ("Lo que se encontró, como JSON.", "What was found, as JSON."),
    **CHANNELS,
}
