"""Reads random histories, one JSON line each, and prints what a replica that received them holds and shows.

A history is `{"steps": [{"now": ms, "event": {...}} or {"now": ms, "patch": {...}}]}`; see notation.py for patches.
"""

import sys

from weft_reference import object_event
from weft_reference.notation import read_patch, write_patch
from weft_reference.quarantine import Replica
from weft_reference.reduction import VISIBLE, reduce
from weft_reference.transforms import world_matrix
from weft_reference.values import canonical, parse_json, utf8_order


def run(history):
    replica = Replica()
    problems = []
    for step in history["steps"]:
        replica.release(step["now"])
        if "patch" in step:
            replica.receive(read_patch(step["patch"]), step["now"])
            continue
        decoded = read_event(step["event"])
        problems.append(sorted((path or "" for path in decoded.problems), key=utf8_order))
        replica.receive(decoded.patch, step["now"])
    return {
        "intake": problems,
        "joined": write_patch(replica.joined),
        "waiting": len(replica.waiting),
        **show(reduce(replica.joined.registers)),
    }


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
