"""Runs Synapse in this very process: `watchdog.py LOCK WAIT_SECONDS CONFIG`.

One process, so there is no second one to be orphaned: it ends with the parent (see guard.py), with SIGTERM, or
with Synapse itself. The lock keeps two Synapses off one SQLite file whatever the callers believe.
"""

import runpy
import sys

import guard

GRACE_S = 8.0

lock_path, wait_s, config_path = sys.argv[1:4]
guard.end_with_parent(GRACE_S)
lock = guard.hold_lock(lock_path, float(wait_s))
sys.argv = ["synapse", "--config-path", config_path]
runpy.run_module("synapse.app.homeserver", run_name="__main__", alter_sys=True)
