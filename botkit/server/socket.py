"""Where the control socket stands, and how it comes to be: beside the store, for its owner's eyes only."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import tempfile
from pathlib import Path

from botkit.errors import UsageError, refused_by_system
from botkit.rights import denied

#: A socket's path may be no longer than this, in bytes: 104 on macOS and 108 on Linux, less a NUL.
PATH_MAX = 103
#: Seconds to wait until a socket is answered.
PATIENCE_S = 1.0


def control_path(store: Path) -> Path:
    """Return the path of a store's control socket: beside it, or in the temp directory when that is too long."""
    resolved = store.resolve()
    beside = resolved.with_name(resolved.name + ".sock")
    if len(os.fsencode(beside)) <= PATH_MAX:
        return beside
    digest = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"botkit-{os.getuid()}" / f"{digest}.sock"


def is_lost(store: Path) -> bool:
    """Return whether a store is gone from under its owner, who still answers."""
    if store.exists():
        return False
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(PATIENCE_S)
        try:
            asking.connect(str(control_path(store)))
        except OSError:
            return False
    return True


def bind_control(path: Path) -> socket.socket:
    """Return a bound socket of mode 0600, in place of one that a dead process left; raises UsageError.

    The caller owns the store, so whatever socket stands there is nobody's.
    """
    if path.parent.name == f"botkit-{os.getuid()}":
        _own_folder(path.parent)
    _clear(path)
    bound = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)  # set before the bind: a chmod after it would leave a moment for others
    try:
        bound.bind(str(path))
    except OSError as error:
        bound.close()
        raise refused_by_system(error, f"cannot make the control socket {path}: {error.strerror}") from error
    finally:
        os.umask(before)
    return bound


def _clear(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise UsageError(f"{path} stands where the control socket goes; move it away")
    try:
        path.unlink()
    except OSError as error:
        raise denied([path]) or refused_by_system(error, f"cannot remove {path}: {error.strerror}") from error


def _own_folder(folder: Path) -> None:
    """Make `folder` for this user alone; raises UsageError when somebody else's stands there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.getuid() or info.st_mode & 0o077:
        raise UsageError(f"{folder} belongs to somebody else or is open to others; remove it")
