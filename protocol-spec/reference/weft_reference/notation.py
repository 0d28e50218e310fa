"""How vectors write patches: `[value, time, actor]` for a register, lists in place of sets."""

from .registers import Patch, Register, patch_of
from .values import utf8_order


def read_patch(json):
    objects = json.get("objects", {})
    return patch_of(
        [
            (object_id, path, read_register(register))
            for object_id, said in objects.items()
            for path, register in said.get("registers", {}).items()
        ],
        [(object_id, int(said["purge"])) for object_id, said in objects.items() if "purge" in said],
        [(actor, set(users)) for actor, users in json.get("actors", {}).items()],
    )


def read_register(json):
    value, time, actor = json
    return Register(value, int(time), actor)


def write_patch(patch: Patch):
    objects = {}
    for object_id, time in patch.purges.items():
        objects.setdefault(object_id, {})["purge"] = time
    for object_id, paths in patch.registers.items():
        objects.setdefault(object_id, {})["registers"] = {
            path: list(register) for path, register in paths.items()
        }
    written = {}
    if objects:
        written["objects"] = objects
    if patch.actors:
        written["actors"] = {
            actor: sorted(users, key=utf8_order) for actor, users in patch.actors.items()
        }
    return written
