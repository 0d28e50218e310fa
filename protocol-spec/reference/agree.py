"""Reads random histories, one JSON line each, and prints what a replica that received them holds and shows.

A history is `{"steps": [{"now": ms, ...}]}`, where a step brings one of `"event": {...}`, `"patch": {...}` (see
notation.py), `"file": base64`, `"carrier": {"type": ..., "event": {...}}`, and `"rules"` or `"components"`: `[{"stateKey": ..., "content": ...}]`, all of the room.
"""

import base64
import sys

from weft_reference import binary_file, carriers, components, object_event, rules
from weft_reference.notation import read_patch, write_patch
from weft_reference.quarantine import Replica
from weft_reference.reduction import VISIBLE, reduce
from weft_reference.registers import Patch
from weft_reference.scene_hash import scene_hash
from weft_reference.set_hash import set_hash
from weft_reference.transforms import world_matrix
from weft_reference.values import Refused, canonical, parse_json, utf8_order


def run(history):
    replica = Replica()
    problems = []
    files = []
    dropped = []
    in_force = {}
    no_rules = []
    declared = {}
    no_components = []
    for step in history["steps"]:
        replica.release(step["now"])
        if "patch" in step:
            replica.receive(read_patch(step["patch"]), step["now"])
        elif "rules" in step:
            in_force, no_rules = rules.read_events(step["rules"])
        elif "components" in step:
            declared, no_components = components.read_events(step["components"])
        elif "file" in step:
            file = read_file(base64.b64decode(step["file"]))
            files.append("refused" if file is None else file.problems)
            replica.receive(Patch() if file is None else file.patch, step["now"])
        elif "carrier" in step:
            decoded = read_carrier(**step["carrier"])
            dropped.append(decoded.problems)
            replica.receive(decoded.patch, step["now"])
        else:
            decoded = read_event(step["event"])
            problems.append(sorted((path or "" for path in decoded.problems), key=utf8_order))
            replica.receive(decoded.patch, step["now"])
    reduction = reduce(replica.joined.registers, in_force)
    return {
        "intake": problems,
        "files": files,
        "carriers": dropped,
        "noRules": no_rules,
        "rules": {name: rule["kind"] for name, rule in in_force.items()},
        "components": list(declared),
        "noComponents": no_components,
        "joined": write_patch(replica.joined),
        "waiting": len(replica.waiting),
        **show(reduction),
        "misfits": components.misfits(reduction, declared),
        "hash": scene_hash(reduction),
        "setHash": set_hash(replica.joined),
    }


def read_file(data):
    try:
        return binary_file.decode(data)
    except Refused:
        return None


def read_carrier(type, event):
    return carriers.decode(type, event["stateKey"], event["content"], event["sender"], event.get("redactedAtMs"))


def read_event(event):
    return object_event.decode(
        event["stateKey"],
        event["content"],
        event["sender"],
        event["originServerTs"],
        event.get("redactedAtMs"),
    )


def show(reduction):
    visible = [object_id for object_id, fate in reduction.fates.items() if fate == VISIBLE]
    return {
        "children": reduction.children,
        "hidden": {object_id: fate for object_id, fate in reduction.fates.items() if fate != VISIBLE},
        "problems": reduction.problems,
        "matrices": {object_id: world_matrix(reduction, object_id) for object_id in visible},
    }


if __name__ == "__main__":
    # Events nest up to 512 levels, and each level takes a few of Python's frames.
    sys.setrecursionlimit(5000)
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        print(canonical(run(parse_json(line))), flush=True)
