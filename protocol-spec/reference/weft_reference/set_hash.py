"""The hash of a base, whatever the order in which it came (model.md)."""

import hashlib

from .values import canonical, utf8_order

MODULUS = 2**128


def set_hash(patch):
    total = 0
    for object_id in patch.registers.keys() | patch.purges.keys():
        paths = patch.registers.get(object_id, {})
        said = [
            [path, paths[path].time, paths[path].actor, paths[path].value] for path in sorted(paths, key=utf8_order)
        ]
        text = canonical([object_id, patch.purges.get(object_id), said])
        total += int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    return f"{total % MODULUS:032x}"
