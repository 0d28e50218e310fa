"""Becomes a program that knows nothing of us: `exec-guarded.py LOCK WAIT_SECONDS UNLESS PROGRAM ARGUMENTS...`.

The program takes over this very process, lock included, so its pid is the one that the parent knows. Beside it stays
a watcher that ends the whole process group when the parent is gone, and itself when the program is. Where the file
UNLESS (or "-") exists once the lock is held, there is nothing to do: whoever waited finds the work done.
"""

import os
import select
import signal
import sys
import time

import guard

GRACE_S = 8.0
POLL_S = 0.5


def watch(program: int, lock: int) -> None:
    """Runs in the watcher: waits for the end of the parent, or of the program, and holds nothing of the program's."""
    for descriptor in (lock, 1, 2):
        os.close(descriptor)
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    while os.getppid() == program:
        ready, _, _ = select.select([0], [], [], POLL_S)
        if ready and not os.read(0, 4096):
            os.killpg(0, signal.SIGTERM)
            time.sleep(GRACE_S)
            os.killpg(0, signal.SIGKILL)
    os._exit(0)


lock_path, wait_s, unless, *command = sys.argv[1:]
lock = guard.hold_lock(lock_path, float(wait_s))
if os.path.exists(unless):
    sys.exit(0)
program = os.getpid()
if os.fork() == 0:
    watch(program, lock)
os.set_inheritable(lock, True)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
os.execvp(command[0], command)
