"""What install.py and watchdog.py share: a life bound to the parent's, and a lock that dies with its holder.

The parent keeps the write end of our stdin. However the parent ends (even by kill -9), the kernel closes the
pipe and the read below returns, so there is nothing to poll and no pid that could have been reused.
"""

import fcntl
import os
import signal
import sys
import threading
import time

EXIT_LOCKED = 75
EXIT_ORPHANED = 70
LOCK_POLL_S = 0.05


def end_with_parent(grace_s: float) -> None:
    """Ask this process to end when the parent is gone, and end it by force grace_s seconds later."""

    def wait_for_eof() -> None:
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_s)
        os._exit(EXIT_ORPHANED)

    threading.Thread(target=wait_for_eof, daemon=True).start()


def hold_lock(path: str, wait_s: float) -> int:
    """Take the lock at path, or exit with EXIT_LOCKED. Returns a descriptor that must stay open."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() >= deadline:
                print(f"weft: {path} is held by another process", file=sys.stderr, flush=True)
                sys.exit(EXIT_LOCKED)
            time.sleep(LOCK_POLL_S)
