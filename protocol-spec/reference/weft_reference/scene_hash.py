"""One text for one visible scene (reduction.md, Hash of a scene)."""

import hashlib

from .reduction import VISIBLE
from .values import canonical, utf8_order


def scene_hash(reduction):
    return hashlib.sha256("".join(f"{line}\n" for line in lines(reduction)).encode()).hexdigest()


def lines(reduction):
    visible = [object_id for object_id, fate in reduction.fates.items() if fate == VISIBLE]
    return [canonical(facts_of(reduction, object_id)) for object_id in sorted(visible, key=utf8_order)]


def facts_of(reduction, object_id):
    registers = reduction.registers[object_id]
    return {
        "children": reduction.children.get(object_id, []),
        "id": object_id,
        "parent": reduction.parents[object_id],
        "values": {path: register.value for path, register in registers.items() if register.value is not None},
    }
