"""Frames of the live lane (lane.md): their bytes, and what they say."""

import base64
import re

from . import message_pack
from .names import ROOT, is_actor, is_component_name, is_object_id, is_property_name, is_time, is_user_id
from .registers import MAX_CLAIMS_PER_ACTOR, Register, patch_of
from .values import MAX_SAFE_INTEGER, Refused, canonical, normalise, utf8_length, utf16_units

VERSION = 1
TO_RELAY, TO_CLIENT = "to-relay", "to-client"
MAX_UNKNOWN_FIELDS = 16
MAX_PATCH_BYTES = 261_120
MAX_PATCH_OBJECTS = 5_000
MAX_PATCH_REGISTERS = 32_768
MAX_PATCH_PATHS = 4_096
MAX_PATCH_ACTORS = 1_024
MAX_PRESENCE_BYTES = 2_048
MAX_PEOPLE = 1_024
CREATOR_LEVEL = 1_000_000_000
MAX_UINT32 = 2**32 - 1
MAX_HANDLE = 2**28 - 1
MIB = 1_048_576

RUN_ID = re.compile(r"[A-Za-z0-9_-]{16}")
SET_HASH = re.compile(r"[0-9a-f]{32}")


def require(holds, what):
    if not holds:
        raise Refused(what)


def integer(least=0, most=MAX_SAFE_INTEGER):
    def read(wire):
        require(isinstance(wire, (int, float)) and not isinstance(wire, bool), "no number")
        require(float(wire).is_integer() and least <= wire <= most, "no integer of that range")
        return int(wire)

    return read


def text(most, least=0):
    def read(wire):
        require(isinstance(wire, str) and "\0" not in wire, "no text")
        require(least <= len(utf16_units(wire)) <= most, "text of another length")
        return wire

    return read


def that(is_one, what):
    def read(wire):
        require(is_one(wire), what)
        return wire

    return read


def one_of(*options):
    # By type as well: True is 1 in Python.
    return that(lambda wire: any(type(wire) is type(option) and wire == option for option in options), "another")


def octets(most, least=0):
    def read(wire):
        require(isinstance(wire, bytes) and least <= len(wire) <= most, "no bytes of that length")
        return base64.urlsafe_b64encode(wire).decode().rstrip("=")

    return read


def nullable(field):
    return lambda wire: None if wire is None else field(wire)


def many(field, most):
    def read(wire):
        require(isinstance(wire, list) and len(wire) <= most, "no list of that length")
        return [field(item) for item in wire]

    return read


def record(**fields):
    def read(wire):
        require(isinstance(wire, list), "no list")
        require(len(fields) <= len(wire) <= len(fields) + MAX_UNKNOWN_FIELDS, "a list of another length")
        return {name: field(item) for (name, field), item in zip(fields.items(), wire)}

    return read


def presence(wire):
    state = value(wire)
    require(isinstance(state, dict) and utf8_length(canonical(state)) <= MAX_PRESENCE_BYTES, "no state")
    return state


def value(wire):
    require_json(wire)
    return normalise(wire)


def require_json(wire):
    require(not isinstance(wire, bytes), "bytes in a value")
    for item in wire if isinstance(wire, list) else wire.values() if isinstance(wire, dict) else ():
        require_json(item)


def path(wire):
    require(isinstance(wire, str) and wire.count(".") == 1, "no path")
    component, name = wire.split(".")
    require(is_component_name(component) and is_property_name(name), "no path")
    return wire


def patch(wire):
    """What the bytes of a patch say, as binary.md writes patches in JSON."""
    require(isinstance(wire, bytes) and 1 <= len(wire) <= MAX_PATCH_BYTES, "no bytes of that length")
    parts = message_pack.decode(wire)
    require(isinstance(parts, list) and len(parts) >= 5 and len(parts) % 3 == 2, "no groups of three")
    paths = many(path, MAX_PATCH_PATHS)(parts[0])
    claims = pairs(parts[1])
    require(len(claims) <= MAX_PATCH_ACTORS, "too many claims")
    for actor, users in claims:
        require(is_actor(actor), "a claim of no actor")
        many(user, MAX_CLAIMS_PER_ACTOR)(users)
    registers = {}
    objects = set()
    for at in range(2, len(parts), 3):
        time, actor = integer()(parts[at]), parts[at + 1]
        require(is_time(time) and is_actor(actor), "no stamp")
        for object_id, said in pairs(parts[at + 2], least=1):
            world_object(object_id)
            objects.add(object_id)
            for number, wire_value in pairs(said, least=1):
                place = (object_id, paths[integer(0, len(paths) - 1)(number)])
                require(place not in registers, "a register twice")
                registers[place] = Register(value(wire_value), time, actor)
    require(len(objects) <= MAX_PATCH_OBJECTS, "too many objects")
    require(len(registers) <= MAX_PATCH_REGISTERS, "too many registers")
    return patch_json(patch_of([(*place, register) for place, register in registers.items()], (), claims))


def patch_json(said):
    objects = {}
    for object_id, by_path in said.registers.items():
        for name, register in by_path.items():
            component, property_name = name.split(".")
            objects.setdefault(object_id, {}).setdefault(component, {})[property_name] = list(register)
    actors = {actor: sorted(users, key=str.encode) for actor, users in said.actors.items()}
    return {"weft": 1, "objects": objects, **({"actors": actors} if actors else {})}


def pairs(wire, least=0):
    require(isinstance(wire, list) and len(wire) % 2 == 0 and len(wire) >= 2 * least, "no pairs")
    return list(zip(wire[::2], wire[1::2]))


def poses(data):
    """A time of two bytes and the updates, which poses.py reads."""
    require(len(data) >= 2, "no time")
    return {"at": int.from_bytes(data[:2], "big"), "updates": octets(len(data))(bytes(data[2:]))}


world_object = that(lambda wire: is_object_id(wire) and wire != ROOT, "no object")
actor = that(is_actor, "no actor")
user = that(is_user_id, "no user")
time = that(is_time, "no time")
run = that(lambda wire: isinstance(wire, str) and RUN_ID.fullmatch(wire), "no run")
set_hash = that(lambda wire: isinstance(wire, str) and SET_HASH.fullmatch(wire), "no set hash")
flag = that(lambda wire: isinstance(wire, bool), "no boolean")
sequence = integer()
counted = integer(1)
session = integer(1, MAX_UINT32)
session_or_nobody = integer(0, MAX_UINT32)
level = integer(-CREATOR_LEVEL, CREATOR_LEVEL)
position = record(run=run, seq=sequence)
person = record(session=session, user=user, device=text(128), actor=actor, level=level)
limits = record(
    frameBytes=counted,
    patchBytes=counted,
    patchObjects=counted,
    framesPerSecond=counted,
    frameBurst=counted,
    bytesPerSecond=counted,
)
winner = record(value=value, time=time, actor=actor)
problem = record(id=world_object, path=nullable(path), code=text(32, 1), message=text(500), winner=nullable(winner))
event = {"name": text(64, 1), "data": value}
lease = {"holder": session_or_nobody, "fence": sequence, "expiresMs": sequence}
mover = {"handle": integer(1, MAX_HANDLE), "session": session, "object": nullable(world_object), "parts": integer(0, 7)}
place = record(x=integer(-4096, 4095), y=integer(-1024, 1023), z=integer(-4096, 4095))
bye = record(code=integer(1000, 4999), reason=text(120))
document = octets(MIB - 1024, 1)

# First byte: type, to where, the most bytes, fields.
FRAMES = {
    0x01: (
        "hello",
        TO_RELAY,
        65_536,
        record(
            version=one_of(VERSION),
            room=text(255, 1),
            ticket=text(256, 1),
            nonce=text(86, 1),
            signature=octets(64, 64),
            actor=actor,
            former=many(actor, 64),
            position=nullable(position),
            setHash=nullable(set_hash),
            mode=one_of("play", "read"),
        ),
    ),
    0x02: ("patch-up", TO_RELAY, 262_144, record(n=counted, patch=patch)),
    0x03: (
        "event-up",
        TO_RELAY,
        8_192,
        record(target=nullable(world_object), **event, to=nullable(session)),
    ),
    0x04: (
        "lease-up",
        TO_RELAY,
        512,
        record(n=counted, object=world_object, want=one_of("take", "renew", "release"), priority=integer(0, 255)),
    ),
    0x05: ("document-up", TO_RELAY, MIB, record(object=world_object, bytes=document)),
    0x06: ("presence-up", TO_RELAY, 16_384, record(state=nullable(presence))),
    0x07: ("retract-up", TO_RELAY, 262_144, record(patch=patch)),
    0x08: ("clock-up", TO_RELAY, 256, record(at=sequence)),
    0x09: ("bye-up", TO_RELAY, 512, bye),
    0x0A: ("digest-up", TO_RELAY, 256, record()),
    0x0B: ("mover-up", TO_RELAY, 256, record(want=one_of("enter", "leave"), parts=integer(0, 7))),
    0x0C: ("pose-up", TO_RELAY, 4_096, poses),
    0x0D: ("view-up", TO_RELAY, 256, {"from": nullable(place)}),
    0x0E: ("lease-hand-up", TO_RELAY, 512, record(n=counted, object=world_object, to=session)),
    0x41: (
        "welcome",
        TO_CLIENT,
        MIB,
        record(
            version=one_of(VERSION),
            run=run,
            session=session,
            through=sequence,
            missed=sequence,
            resumed=nullable(sequence),
            kind=one_of("snapshot", "difference", "live-only"),
            snapshotBytes=sequence,
            snapshotObjects=sequence,
            committed=sequence,
            level=level,
            nowMs=sequence,
            limits=limits,
            people=many(person, MAX_PEOPLE),
        ),
    ),
    0x42: (
        "snapshot",
        TO_CLIENT,
        65_792,
        record(index=integer(0, MAX_UINT32), count=integer(1, MAX_UINT32), bytes=octets(65_536, 1)),
    ),
    0x43: (
        "patch-down",
        TO_CLIENT,
        262_144,
        record(seq=sequence, session=session_or_nobody, user=nullable(user), committed=sequence, patch=patch),
    ),
    0x44: ("ack", TO_CLIENT, 256, record(n=counted, seq=sequence, committed=sequence)),
    0x45: ("reject", TO_CLIENT, MIB, record(n=counted, problems=many(problem, 32))),
    0x46: (
        "event-down",
        TO_CLIENT,
        8_192,
        {"from": session_or_nobody, "user": user, "target": nullable(world_object), **event},
    ),
    0x47: ("retract", TO_CLIENT, 262_144, record(seq=sequence, patch=patch)),
    0x48: ("lease-down", TO_CLIENT, 512, record(object=world_object, **lease)),
    0x49: ("lease-answer", TO_CLIENT, 256, record(n=counted, ok=flag, **lease)),
    0x4A: (
        "document-down",
        TO_CLIENT,
        MIB,
        record(object=world_object, session=session_or_nobody, bytes=document),
    ),
    0x4B: ("presence-down", TO_CLIENT, 16_384, record(session=session, state=nullable(presence))),
    0x4C: ("people", TO_CLIENT, MIB, record(joined=many(person, MAX_PEOPLE), left=many(session, MAX_PEOPLE))),
    0x4D: ("role", TO_CLIENT, 256, record(level=level)),
    0x4E: ("clock", TO_CLIENT, 256, record(at=sequence, relayMs=sequence)),
    0x4F: ("digest", TO_CLIENT, 256, record(seq=sequence, setHash=set_hash, stateDigest=text(64))),
    0x50: ("draining", TO_CLIENT, 256, record(inMs=sequence)),
    0x51: ("bye-down", TO_CLIENT, 512, bye),
    0x53: (
        "movers",
        TO_CLIENT,
        131_072,
        record(appeared=many(record(**mover), 1_024), left=many(integer(1, MAX_HANDLE), 1_024)),
    ),
    0x54: ("pose-down", TO_CLIENT, 65_536, poses),
    0x56: ("pose-flow", TO_CLIENT, 65_536, poses),
    0x55: ("pose-rate", TO_CLIENT, 256, record(perSecond=integer(1, 60))),
    0x52: ("keeping", TO_CLIENT, 256, record(ok=flag)),
}


def decode(data, direction):
    """What a frame says, in JSON; raises Refused."""
    require(len(data) > 0 and data[0] in FRAMES, "no frame of this version")
    kind, way, most, fields = FRAMES[data[0]]
    require(way == direction, "a frame of the other side")
    require(len(data) <= most, "a frame that is too large")
    if isinstance(fields, dict):  # `from` is a word of Python
        fields = record(**fields)
    return {"type": kind, **(poses(data[1:]) if fields is poses else fields(message_pack.decode(data[1:])))}


def hello_text(ticket, nonce, url, room):
    """What the session key signs."""
    return canonical(["world.weft.hello/1", ticket, nonce, url, room])
