"""`python -m tests.recovery.without_rights MODULE …`: run a module so that the rights of files bind it, root or not."""

from __future__ import annotations

import ctypes
import os
import sys

#: linux/prctl.h and linux/capability.h: never again gain the right to pass over the rights of files.
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1

if __name__ == "__main__":
    if os.geteuid() == 0:
        ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
