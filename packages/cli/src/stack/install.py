"""Makes the virtual environment: `install.py LOCK VENV MARKER REQUIREMENT`.

Whoever holds the lock installs; whoever waited for it finds the marker and has nothing to do. The marker is
written last, so a venv without one is half made and is made again. The second half runs in the venv's own
Python by exec: same process, same lock, no child left behind when the parent dies.
"""

import os
import runpy
import sys
import venv

import guard

GRACE_S = 2.0
LOCK_WAIT_S = 1800.0


def create(lock_path: str, venv_path: str, marker: str) -> None:
    lock = guard.hold_lock(lock_path, LOCK_WAIT_S)
    if os.path.exists(marker):
        return
    print("weft: creating the virtual environment", flush=True)
    venv.create(venv_path, clear=True, with_pip=True)
    os.set_inheritable(lock, True)
    python = os.path.join(venv_path, "bin", "python")
    os.execv(python, [python, "-B", os.path.abspath(__file__), *sys.argv[1:], "in-venv"])


def fill(marker: str, requirement: str) -> None:
    sys.argv = [
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar=off",
        "--prefer-binary",
        requirement,
    ]
    try:
        runpy.run_module("pip", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code not in (None, 0):
            raise
    with open(marker, "w", encoding="utf-8") as file:
        file.write(requirement + "\n")


guard.end_with_parent(GRACE_S)
if sys.argv[-1] == "in-venv":
    fill(sys.argv[3], sys.argv[4])
else:
    create(sys.argv[1], sys.argv[2], sys.argv[3])
