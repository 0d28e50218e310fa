"""Runs every file of vectors and prints how many cases agree: `python3 run_vectors.py [FILE...]`."""

import hashlib
import itertools
import pathlib
import sys

from agree import read_carrier, read_event
from weft_reference import binary_file, components, documents, lane, object_event, poses, reduction, rules, schemas
from weft_reference.names import is_actor, is_component_name, is_object_id, is_property_name, is_user_id
from weft_reference.notation import read_patch, read_register, write_patch
from weft_reference.quarantine import Replica
from weft_reference.registers import Patch, join
from weft_reference.set_hash import set_hash
from weft_reference.scene_hash import lines, scene_hash
from weft_reference.transforms import world_matrix
from weft_reference.values import (
    Refused,
    canonical,
    decode_wire,
    encode_wire,
    normalise,
    parse_json,
    utf8_order,
)

SPEC = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = [SPEC / "vectors", SPEC / "rule-vectors", SPEC / "lane-vectors", SPEC / "document-vectors"]
GOLDEN = SPEC / "golden"
MATRIX_TOLERANCE = 1e-9
MAX_PERMUTED_PATCHES = 4
EVENT_DEFAULTS = {"stateKey": "obj", "sender": "@bob:b.org", "originServerTs": 1752164545000.0}


class Disagreement(Exception):
    pass


def expect(got, wanted, what):
    if canonical(got) != canonical(wanted):
        raise Disagreement(f"{what}: got {canonical(got)}, expected {canonical(wanted)}")


def expect_refusal(run):
    try:
        got = run()
    except Refused:
        return
    raise Disagreement(f"expected a refusal, got {canonical(got)}")


def check_value(case):
    if case.get("refused"):
        return expect_refusal(lambda: normalise(parse_json(case["json"])))
    value = normalise(parse_json(case["json"]))
    expect(canonical(value), case["canonical"], "canonical text")
    expect(encode_wire(value), case["wire"], "wire form")
    expect(canonical(decode_wire(case["wire"])), case["canonical"], "wire form read back")


def check_wire_value(case):
    if case.get("refused"):
        return expect_refusal(lambda: decode_wire(parse_json(case["wire"])))
    expect(canonical(decode_wire(parse_json(case["wire"]))), case["canonical"], "value")


def check_names(case):
    is_valid = {
        "objectId": is_object_id,
        "component": is_component_name,
        "property": is_property_name,
        "actor": is_actor,
        "userId": is_user_id,
    }[case["of"]]
    for name in case["valid"]:
        expect(is_valid(name), True, name)
    for name in case["invalid"]:
        expect(is_valid(name), False, name)


def check_order(case):
    key = {
        "text": utf8_order,
        "values": lambda value: utf8_order(canonical(value)),
        "stamps": lambda stamp: (stamp[0], utf8_order(stamp[1])),
        "registers": lambda register: read_register(register).order(),
    }[case["of"]]
    for less, greater in itertools.combinations(case["ascending"], 2):
        if not key(less) < key(greater):
            raise Disagreement(f"expected {canonical(less)} before {canonical(greater)}")


def check_join(case):
    patches = [read_patch(patch) for patch in case["patches"]]
    orders = [patches, patches[::-1]]
    if len(patches) <= MAX_PERMUTED_PATCHES:
        orders = itertools.permutations(patches)
    for order in orders:
        joined = Patch()
        for patch in [*order, *order]:
            joined = join(joined, patch)
        expect(write_patch(joined), case["joined"], "join")


def check_quarantine(case):
    replica = Replica()
    for at, step in enumerate(case["steps"]):
        replica.release(step["now"])
        replica.receive(read_patch(step.get("patch", {})), step["now"])
        expect(write_patch(replica.joined), step["joined"], f"step {at}: joined")
        expect(len(replica.waiting), step["waiting"], f"step {at}: waiting")


def check_object_event(case):
    decoded = read_event({**EVENT_DEFAULTS, **case["event"]})
    expect(write_patch(decoded.patch), case["patch"], "patch")
    expect(decoded.hand_written, case["handWritten"], "written by hand")
    expect(sorted_paths(decoded.problems), sorted_paths(case["problems"]), "problems")
    expect(decoded.extra, case["extra"], "extra")


def sorted_paths(paths):
    return sorted("" if path is None else path for path in paths)


def check_encoding(case):
    registers = {path: read_register(register) for path, register in case["registers"].items()}

    def encode():
        return object_event.encode(registers, case["actors"], case.get("extra"), case.get("sender"), case.get("purge"))

    if case.get("refused"):
        return expect_refusal(encode)
    expect(encode(), case["content"], "content")
    decoded = read_event({**EVENT_DEFAULTS, "content": case["content"]})
    said = write_patch(decoded.patch)["objects"]["obj"]
    expect(said.get("purge"), case.get("purge"), "purge read back")
    read_back = said["registers"]
    expect(read_back, {path: list(register) for path, register in registers.items()}, "read back")


def check_reduction_with_rules(case):
    events = [{"stateKey": name, "content": content} for name, content in case["rules"].items()]
    in_force, ignored = rules.read_events(events)
    expect(ignored, sorted(case["ignored"], key=utf8_order), "ignored rules")
    check_reduction(case, in_force)


def check_reduction(case, in_force=None):
    reduced = reduction.reduce(read_patch(objects_of(case)).registers, in_force, case.get("sealed", ()))
    hidden = {id: fate for id, fate in reduced.fates.items() if fate != reduction.VISIBLE}
    expect(reduced.children, case["children"], "children")
    expect(hidden, case["hidden"], "hidden")
    expect(reduced.problems, case["problems"], "problems")


def check_custom_schema(case):
    if case.get("refused"):
        return expect_refusal(lambda: schemas.check_schema(case["schema"]))
    schemas.check_schema(case["schema"])
    for value in case.get("fits", []):
        expect(schemas.fits(case["schema"], value), True, canonical(value))
    for value in case.get("misfits", []):
        expect(schemas.fits(case["schema"], value), False, canonical(value))


def check_declared_components(case):
    events = [{"stateKey": name, "content": content} for name, content in case["components"].items()]
    declared, ignored = components.read_events(events)
    expect(list(declared), case["declared"], "declared components")
    expect(ignored, case["ignored"], "ignored events")
    reduced = reduction.reduce(read_patch(objects_of(case)).registers)
    expect(components.misfits(reduced, declared), case["misfits"], "misfits")


def check_scene_hash(case):
    reduced = reduction.reduce(read_patch(objects_of(case)).registers)
    if "lines" in case:
        expect(lines(reduced), case["lines"], "lines")
        text = "".join(f"{line}\n" for line in case["lines"])
        expect(hashlib.sha256(text.encode()).hexdigest(), case["hash"], "hash of the lines")
    expect(scene_hash(reduced), case["hash"], "hash")


def check_transform(case):
    reduced = reduction.reduce(read_patch(objects_of(case)).registers)
    for object_id, wanted in case["matrices"].items():
        got = world_matrix(reduced, object_id)
        if any(abs(a - b) > MATRIX_TOLERANCE * max(1, abs(b)) for a, b in zip(got, wanted, strict=True)):
            raise Disagreement(f"{object_id}: got {got}, expected {wanted}")


def check_carrier(case):
    decoded = read_carrier(case["type"], case["event"])
    expect(write_patch(decoded.patch), case["patch"], "patch")
    expect(decoded.problems, case["problems"], "problems")
    expect(decoded.blob, case["blob"], "blob")
    if "hash" in case:
        expect(decoded.hash, case["hash"], "hash")
        expect(decoded.covers, case["covers"], "covers")


def check_set_hash(case):
    joined = Patch()
    for patch in case["patches"]:
        joined = join(joined, read_patch(patch))
    expect(set_hash(joined), case["hash"], "set hash")


def check_binary_file(case):
    data = bytes_of(case)
    if case.get("refused"):
        return expect_refusal(lambda: binary_file.to_json(binary_file.decode(data)))
    wanted = case["json"]
    if isinstance(wanted, str):
        wanted = parse_json((GOLDEN / wanted).read_text(encoding="utf-8"))
    expect(binary_file.to_json(binary_file.decode(data)), wanted, "patch")


def check_poses(case):
    reader = poses.PoseReader((int(mover[0]), int(mover[1]), mover[2:] == [True]) for mover in case["movers"])
    for place, frame in enumerate(case["frames"]):
        updates = bytes.fromhex(frame["updates"])

        def read():
            return reader.read_flow(int(frame["at"]), updates) if "at" in frame else reader.read(updates)

        if frame.get("refused"):
            expect_refusal(read)
        else:
            expect(read(), frame["says"], f"frame {place}")


def check_frame(case):
    data = (GOLDEN / case["file"]).read_bytes() if "file" in case else bytes.fromhex(case["bytes"])
    if case.get("refused"):
        return expect_refusal(lambda: lane.decode(data, case["to"]))
    wanted = case["frame"]
    if isinstance(wanted, str):
        wanted = parse_json((GOLDEN / wanted).read_text(encoding="utf-8"))
    expect(lane.decode(data, case["to"]), wanted, "frame")


def check_hello_text(case):
    expect(lane.hello_text(case["ticket"], case["nonce"], case["url"], case["room"]), case["text"], "text to sign")


def bytes_of(case):
    if "body" in case:
        return binary_file.with_header(bytes.fromhex(case["body"]))
    data = bytearray((GOLDEN / case["file"]).read_bytes())
    if "flip" in case:
        at, mask = case["flip"]
        data[int(at)] ^= int(mask)
    return bytes(data[: int(case.get("keep", len(data)))])


def objects_of(case):
    return {"objects": {id: {"registers": registers} for id, registers in case["registers"].items()}}


def check_document_client_id(case):
    expect(float(documents.client_id(case["actor"])), case["clientId"], "client id")


def check_document_contributions(case):
    got = [
        {"slot": float(slot), "update": documents.to_base64url(update)}
        for slot, update in documents.contributions(case["registers"])
    ]
    expect(got, case["contributions"], "contributions")


CHECKS = {
    "values": check_value,
    "wire-values": check_wire_value,
    "names": check_names,
    "orders": check_order,
    "joins": check_join,
    "quarantine": check_quarantine,
    "object-events": check_object_event,
    "object-event-encoding": check_encoding,
    "reductions": check_reduction,
    "reductions-with-rules": check_reduction_with_rules,
    "custom-schemas": check_custom_schema,
    "declared-components": check_declared_components,
    "scene-hashes": check_scene_hash,
    "transforms": check_transform,
    "binary-files": check_binary_file,
    "carriers": check_carrier,
    "set-hashes": check_set_hash,
    "frames": check_frame,
    "poses": check_poses,
    "hello-texts": check_hello_text,
    "document-client-ids": check_document_client_id,
    "document-contributions": check_document_contributions,
}


def main(paths):
    agreed = 0
    failures = []
    for path in paths:
        vectors = parse_json(path.read_text(encoding="utf-8"))
        for case in vectors["cases"]:
            try:
                CHECKS[vectors["kind"]](case)
                agreed += 1
            except (Disagreement, Refused) as error:
                failures.append(f"{path.name}: {case['name']}: {error}")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{agreed} cases in {len(paths)} files agree, {len(failures)} do not")
    return 1 if failures or agreed == 0 else 0


if __name__ == "__main__":
    # Events nest up to 512 levels, and each level takes a few of Python's frames.
    sys.setrecursionlimit(5000)
    named = [pathlib.Path(name) for name in sys.argv[1:]]
    sys.exit(main(named or [path for folder in FOLDERS for path in sorted(folder.rglob("*.json"))]))
