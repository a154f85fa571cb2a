"""What the system, SQLite and TLS say in English wherever they run, in Spanish: a closed table of the most common.

The original stays beside it, because it is what the web knows and what a provider's support asks for. What is not in
the table stays as it is.
"""

from __future__ import annotations

import errno
import os
import re

from botkit.cli.messages import Language

#: What is said -> the same in Spanish.
REASONS: dict[str, str] = {
    os.strerror(errno.ENOSPC): "no queda lugar en el disco",
    os.strerror(errno.EDQUOT): "se agotó la cuota del disco",
    os.strerror(errno.EROFS): "el disco solo se puede leer",
    os.strerror(errno.EIO): "el disco falla",
    os.strerror(errno.EACCES): "falta permiso",
    os.strerror(errno.EPERM): "no está permitido",
    os.strerror(errno.ENOENT): "no existe",
    os.strerror(errno.ENOTDIR): "no es una carpeta",
    os.strerror(errno.EISDIR): "es una carpeta",
    os.strerror(errno.EMFILE): "hay demasiados archivos abiertos",
    os.strerror(errno.EADDRINUSE): "otro programa usa esa dirección",
    os.strerror(errno.EADDRNOTAVAIL): "esa dirección no es de esta máquina",
    os.strerror(errno.ECONNREFUSED): "nadie atiende ahí",
    os.strerror(errno.ECONNRESET): "el otro lado cortó",
    os.strerror(errno.ETIMEDOUT): "no contesta a tiempo",
    os.strerror(errno.EHOSTUNREACH): "no hay camino hasta ahí",
    os.strerror(errno.ENETUNREACH): "no hay red",
    "Name or service not known": "nadie conoce ese nombre",
    "No address associated with hostname": "ese nombre no tiene dirección",
    "Temporary failure in name resolution": "el DNS no contesta",
    "certificate has expired": "el certificado venció",
    "certificate is not yet valid": "el certificado todavía no vale",
    "self-signed certificate in certificate chain": "un certificado de la cadena es autofirmado",
    "self-signed certificate": "el certificado es autofirmado",
    "unable to get local issuer certificate": "no se conoce a quien firmó el certificado",
    "Hostname mismatch": "el certificado es de otro nombre",
    "database is locked": "otro programa tiene tomado el archivo",
    "attempt to write a readonly database": "el archivo solo se puede leer",
    "database or disk is full": "el disco está lleno",
    "database disk image is malformed": "el archivo está dañado",
    "file is not a database": "el archivo no es una base SQLite",
    "unable to open database file": "el archivo no se puede abrir",
    "disk I/O error": "el disco falla",
}
_KNOWN = re.compile(rf"(\()?({'|'.join(map(re.escape, sorted(REASONS, key=len, reverse=True)))})")


def in_language(text: str, language: Language) -> str:
    """Return a sentence with what it cites of the system in a language, and the original behind it."""
    return _KNOWN.sub(_with_spanish, text) if language == "es" else text


def _with_spanish(cited: re.Match[str]) -> str:
    opening, said = cited[1] or "", cited[2]
    return f"{opening}{REASONS[said]}: {said}" if opening else f"{REASONS[said]} ({said})"
