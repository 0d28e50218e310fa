"""`world.weft.object`: one object's registers as the content of a state event, and back (carriers.md)."""

import base64
import hashlib
from dataclasses import dataclass, field

from .names import (
    RESERVED_COMPONENT,
    ROOT,
    TICKS_PER_MS,
    is_actor,
    is_component_name,
    is_object_id,
    is_personal_object_id,
    is_property_name,
    is_time,
    is_user_id,
)
from .registers import Patch, Register, patch_of
from .values import (
    Refused,
    canonical,
    decode_wire,
    encode_wire,
    has_only_safe_integers,
    normalise,
    utf8_length,
    utf8_order,
)

MAX_OBJECT_EVENT_BYTES = 8192
MAX_OBJECT_COMPONENTS = 64
MAX_EVENT_DEPTH = 512
HASH_CHARACTERS = 8
OWN_KEYS = frozenset(["t", "a", "x", "u", "h", "p"])


@dataclass
class Decoded:
    patch: Patch = field(default_factory=Patch)
    # What was skipped: `component`, `component.property` or `w.key`; None for the whole event.
    problems: list = field(default_factory=list)
    hand_written: bool = False
    extra: dict = field(default_factory=dict)


# What an honest client of the sender's server may have stamped in the event.
MAX_CLOCK_LEAD_MS = 60_000


def content_hash(content):
    stamped = {name: member for name, member in content.items() if name != RESERVED_COMPONENT}
    digest = hashlib.sha256(canonical(stamped).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:HASH_CHARACTERS]


def decode(state_key, content, sender, origin_server_ts, redacted_at_ms=None):
    """Reads one event. What is malformed is dropped alone and reported."""
    if not is_object_id(state_key) or state_key == ROOT or is_personal_object_id(state_key):
        return Decoded(problems=[None])
    if redacted_at_ms is not None:
        return purge(state_key, max(redacted_at_ms, origin_server_ts + MAX_CLOCK_LEAD_MS))
    if content == {}:
        return purge(state_key, origin_server_ts)
    if not is_bounded_content(content):
        return Decoded(problems=[None])
    return Reading(state_key, content, sender, origin_server_ts).decoded


def purge(object_id, at_ms):
    time = server_time(at_ms, TICKS_PER_MS - 1)
    if time is None:
        return Decoded(problems=[None])
    return Decoded(patch=patch_of(purges=[(object_id, time)]))


def server_time(ms, counter):
    if not float(ms).is_integer():
        return None
    time = ms * TICKS_PER_MS + counter
    return int(time) if is_time(time) else None


def is_bounded_content(content):
    if not isinstance(content, dict) or not is_bounded_json(content, 0):
        return False
    if utf8_length(canonical(content)) > MAX_OBJECT_EVENT_BYTES:
        return False
    return len(content.keys() - {RESERVED_COMPONENT}) <= MAX_OBJECT_COMPONENTS


def is_bounded_json(value, depth):
    if depth > MAX_EVENT_DEPTH:
        return False
    if isinstance(value, float):
        return value not in (float("inf"), float("-inf"))
    if not isinstance(value, (list, dict)):
        return True
    members = value if isinstance(value, list) else value.values()
    return all(is_bounded_json(member, depth + 1) for member in members)


class Reading:
    """One event while it is read: who stamped what, and what came of it."""

    def __init__(self, state_key, content, sender, origin_server_ts):
        self.content = content
        self.sender = sender
        self.decoded = Decoded()
        self.read_stamps(content.get(RESERVED_COMPONENT), origin_server_ts)
        registers = list(self.read_registers())
        authors = {register.actor for _, register in registers}
        self.decoded.patch = patch_of(
            [(state_key, path, register) for path, register in registers],
            purges=[] if self.purge is None else [(state_key, self.purge)],
            actors=[(actor, self.users_of(actor)) for actor in authors],
        )

    def read_stamps(self, w, origin_server_ts):
        """The common stamp, the exceptions and the claims; those of the sender where `w` is not whole."""
        self.exceptions = {}
        self.users = {}
        self.keep_extra(w if isinstance(w, dict) else {})
        self.read_purge(w.get("p") if isinstance(w, dict) else None)
        if self.is_whole(w):
            self.common = (int(w["t"]), w["a"])
            self.exceptions = w.get("x", {})
            self.users = w.get("u", {})
            return
        self.decoded.hand_written = True
        time = server_time(origin_server_ts, 0)
        self.common = None if time is None else (time, self.sender)

    def is_whole(self, w):
        return (
            isinstance(w, dict)
            and is_time(w.get("t"))
            and is_actor(w.get("a"))
            and isinstance(w.get("x", {}), dict)
            and isinstance(w.get("u", {}), dict)
            and w.get("h") == content_hash(self.content)
        )

    def keep_extra(self, w):
        for key, member in w.items():
            if key in OWN_KEYS:
                continue
            try:
                kept = normalise({key: member})
            except Refused:
                kept = None
            if kept is not None and has_only_safe_integers(kept):
                self.decoded.extra[key] = member
            else:
                self.decoded.problems.append(f"w.{key}")

    def read_purge(self, time):
        """Counts even where `w` is not whole: a purge is never taken back."""
        self.purge = int(time) if is_time(time) else None
        if time is not None and self.purge is None:
            self.decoded.problems.append("w.p")

    def read_registers(self):
        for component, properties in self.content.items():
            if component == RESERVED_COMPONENT:
                continue
            if not is_component_name(component) or not isinstance(properties, dict):
                self.decoded.problems.append(component)
                continue
            for name, wire in properties.items():
                path = f"{component}.{name}"
                stamp = self.stamp_of(path)
                try:
                    value = decode_wire(wire)
                except Refused:
                    stamp = None
                if stamp is None or not is_property_name(name):
                    self.decoded.problems.append(path)
                else:
                    yield path, Register(value, *stamp)

    def stamp_of(self, path):
        if path not in self.exceptions:
            return self.common
        stamp = self.exceptions[path]
        if isinstance(stamp, list) and len(stamp) == 2 and is_time(stamp[0]) and is_actor(stamp[1]):
            return int(stamp[0]), stamp[1]
        return None

    def users_of(self, actor):
        if self.decoded.hand_written:
            return set()
        if actor in self.users:
            claim = self.users[actor]
            return {user for user in (claim if isinstance(claim, list) else [claim]) if is_user_id(user)}
        return {self.sender} if actor == self.common[1] and not is_user_id(actor) else set()


def encode(registers, actors, extra=None, sender=None, purge=None):
    """The content of an event that holds these registers (by path), of an object purged until then; raises Refused."""
    content = {}
    for path, register in registers.items():
        component, _, name = path.partition(".")
        content.setdefault(component, {})[name] = encode_wire(register.value)
    if not content:
        raise Refused("an event with nothing in it would purge the object")
    if len(content) > MAX_OBJECT_COMPONENTS:
        raise Refused("too many components")
    stamps = encode_stamps(registers, actors, sender)
    stamps["h"] = content_hash(content)
    if purge is not None:
        stamps["p"] = purge
    kept = {key: member for key, member in (extra or {}).items() if has_only_safe_integers(member)}
    for w in ({**kept, **stamps}, stamps):
        whole = {**content, RESERVED_COMPONENT: w}
        if utf8_length(canonical(whole)) <= MAX_OBJECT_EVENT_BYTES:
            return whole
    raise Refused("the event is too large")


def encode_stamps(registers, actors, sender):
    stamps = [(register.time, register.actor) for register in registers.values()]
    time, actor = max(stamps, key=lambda stamp: (stamps.count(stamp), stamp[0], utf8_order(stamp[1])))
    w = {"t": time, "a": actor}
    exceptions = {
        path: [register.time, register.actor]
        for path, register in registers.items()
        if (register.time, register.actor) != (time, actor)
    }
    if exceptions:
        w["x"] = exceptions
    claims = {}
    for author in {author for _, author in stamps}:
        users = sorted(actors.get(author, ()), key=utf8_order)
        needs_claim = author == actor and not is_user_id(actor)
        if len(users) == 1 and not (needs_claim and users[0] == sender):
            claims[author] = users[0]
        elif len(users) > 1 or (not users and needs_claim):
            claims[author] = users
    if claims:
        w["u"] = claims
    return w
