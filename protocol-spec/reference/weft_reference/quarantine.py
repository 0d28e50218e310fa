"""What is stamped ahead of the reader's clock waits (model.md, Quarantine)."""

import math

from .names import MAX_TIME, TICKS_PER_MS
from .registers import Patch, entries_of, join, patch_of

QUARANTINE_LEAD_MS = 600_000


def horizon(now_ms):
    """The latest time that counts at this moment."""
    return min((math.floor(now_ms) + QUARANTINE_LEAD_MS) * TICKS_PER_MS, MAX_TIME)


class Replica:
    """What a reader holds: the join of all it received, and what waits for its time. Bounding what waits
    (MAX_QUARANTINED) is left out here."""

    def __init__(self):
        self.joined = Patch()
        self.waiting = set()

    def receive(self, patch, now_ms):
        latest = horizon(now_ms)
        for object_id, path, register in entries_of(patch):
            if register.time > latest:
                self.waiting.add(Waiting(register.time, object_id, path, register))
        for object_id, time in patch.purges.items():
            if time > latest:
                self.waiting.add(Waiting(time, object_id, None, None))
        self.joined = join(
            self.joined,
            patch_of(
                [entry for entry in entries_of(patch) if entry[2].time <= latest],
                [purge for purge in patch.purges.items() if purge[1] <= latest],
                patch.actors.items(),
            ),
        )

    def release(self, now_ms):
        latest = horizon(now_ms)
        due = [entry for entry in self.waiting if entry.time <= latest]
        self.waiting.difference_update(due)
        self.joined = join(
            self.joined,
            patch_of(
                [(entry.object_id, entry.path, entry.register) for entry in due if entry.path is not None],
                [(entry.object_id, entry.time) for entry in due if entry.path is None],
            ),
        )


class Waiting:
    """A register, or a purge (without path); equal where all of it is equal."""

    def __init__(self, time, object_id, path, register):
        self.time = time
        self.object_id = object_id
        self.path = path
        self.register = register
        self._key = (time, object_id, path, register and repr(register.order()))

    def __eq__(self, other):
        return self._key == other._key

    def __hash__(self):
        return hash(self._key)
