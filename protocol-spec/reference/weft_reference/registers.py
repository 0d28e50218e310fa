"""Registers, patches and the one merge law (model.md)."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .names import ROOT
from .values import canonical, utf8_order

MAX_CLAIMS_PER_ACTOR = 4
MAX_ACTORS = 16_384


class Register(NamedTuple):
    value: object
    time: int
    actor: str

    def order(self):
        """A sort key: the greater register wins."""
        return (self.time, utf8_order(self.actor), utf8_order(canonical(self.value)))


@dataclass
class Patch:
    """Registers by object and path, purges by object, users by actor; always in normal form."""

    registers: dict = field(default_factory=dict)
    purges: dict = field(default_factory=dict)
    actors: dict = field(default_factory=dict)


def patch_of(registers=(), purges=(), actors=()):
    """A patch in normal form from (id, path, register), (id, time) and (actor, users), in any order."""
    patch = Patch()
    for object_id, time in purges:
        if object_id != ROOT:
            patch.purges[object_id] = max(time, patch.purges.get(object_id, time))
    for object_id, path, register in registers:
        if object_id == ROOT or register.time <= patch.purges.get(object_id, -1):
            continue
        paths = patch.registers.setdefault(object_id, {})
        if path not in paths or register.order() > paths[path].order():
            paths[path] = register
    for actor, users in actors:
        if users:
            patch.actors[actor] = patch.actors.get(actor, set()) | set(users)
    for actor, users in patch.actors.items():
        patch.actors[actor] = set(sorted(users, key=utf8_order)[:MAX_CLAIMS_PER_ACTOR])
    for actor in sorted(patch.actors, key=utf8_order)[MAX_ACTORS:]:
        del patch.actors[actor]
    return patch


def entries_of(patch):
    for object_id, paths in patch.registers.items():
        for path, register in paths.items():
            yield object_id, path, register


def join(a, b):
    return patch_of(
        [*entries_of(a), *entries_of(b)],
        [*a.purges.items(), *b.purges.items()],
        [*a.actors.items(), *b.actors.items()],
    )


def dominates(patch, object_id, path, register):
    """Whether joining this register to the patch would change nothing."""
    if register.time <= patch.purges.get(object_id, -1):
        return True
    held = patch.registers.get(object_id, {}).get(path)
    return held is not None and held.order() >= register.order()
