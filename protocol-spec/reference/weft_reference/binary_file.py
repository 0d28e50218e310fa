"""`.weft` files: a patch as bytes (binary.md). What is wrong in structure refuses the file; a register that is malformed
is dropped alone."""

import base64
import hashlib
import struct
from dataclasses import dataclass, field

from .binary_block import Block
from .components import MAX_COMPONENTS
from .names import ROOT, is_actor, is_component_name, is_object_id, is_property_name, is_time, is_user_id
from .registers import Patch, patch_of
from .rules import MAX_RULES, is_bounded
from .sections import MALFORMED, MAX_STRINGS, Reader, Strings, entry, read_section, require, section_size
from .values import (
    Refused,
    canonical,
    has_only_safe_integers,
    has_surrogate,
    parse_json,
    utf8_length,
    utf8_order,
    utf16_units,
)

MAGIC = b"WEFT"
VERSION = 1
HEADER_BYTES = 44
MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_OBJECTS = 500_000
MAX_IDS = 1_000_000
MAX_PATHS = 65_536
MAX_REGISTERS = 5_000_000
MAX_SECTION_IDS = 4096
MAX_INFO_CHARACTERS = 1000
MAX_POLICY_BYTES = 768 * 1024
MAX_STATE_KEY_BYTES = 255

HEAD, STRINGS, IDS, CLAIMS, PURGES, BLOCK, COLUMN = range(1, 8)
PACKED_ID_BYTES = 16


@dataclass
class File:
    patch: Patch = field(default_factory=Patch)
    info: dict = field(default_factory=dict)
    # How much was malformed and dropped.
    problems: int = 0


def decode(data, max_content_bytes=None, max_objects=MAX_OBJECTS, max_registers=MAX_REGISTERS):
    """Reads a whole file; raises Refused."""
    require(len(data) <= MAX_FILE_BYTES, "the file is too large")
    require(len(data) >= HEADER_BYTES and data[:8] == start_of_header(), "no header of this version")
    body = data[HEADER_BYTES:]
    require(struct.unpack_from("<I", data, 8)[0] == len(body), "another length than declared")
    require(hashlib.sha256(body).digest() == data[12:HEADER_BYTES], "another sha256 than declared")
    reading = Reading(max_objects, max_registers)
    reader = Reader(body)
    content_bytes = 0
    while reader.left():
        content_bytes += section_size(reader)
        require(max_content_bytes is None or content_bytes <= max_content_bytes, "too much, inflated")
        reading.take(*read_section(reader))
    return reading.finish()


def start_of_header():
    return MAGIC + bytes([VERSION, 0, 0, 0])


def with_header(body):
    return start_of_header() + struct.pack("<I", len(body)) + hashlib.sha256(body).digest() + body


def to_json(file):
    """The same patch as JSON."""
    objects = {}
    for object_id, paths in file.patch.registers.items():
        components = objects.setdefault(object_id, {})
        for path, register in paths.items():
            component, name = path.split(".")
            components.setdefault(component, {})[name] = list(register)
    parts = {
        "info": file.info,
        "purges": file.patch.purges,
        "actors": {actor: sorted(users) for actor, users in file.patch.actors.items()},
    }
    return {"weft": 1, "objects": objects, **{name: part for name, part in parts.items() if part}}


class Reading:
    """One body while its sections come."""

    def __init__(self, max_objects, max_registers):
        self.max_objects = max_objects
        self.max_registers = max_registers
        self.file = File()
        self.strings = Strings()
        self.packed_ids = []
        self.counts = None
        # All tables are complete once the first claims, purges or block come.
        self.ids = None
        self.block = None
        self.objects_read = 0
        self.registers_read = 0
        self.said = set()
        self.registers = []
        self.purges = {}
        self.claims = []

    def take(self, kind, content):
        require((kind == HEAD) == (self.counts is None), "the head comes first, and once")
        require(self.block is None or kind == COLUMN, "a block without all of its columns")
        require(self.block is not None or kind != COLUMN, "a column without a block")
        reader = Reader(content)
        if kind in (CLAIMS, PURGES, BLOCK):
            self.finish_tables()
        if kind == HEAD:
            self.read_head(reader)
        elif kind == STRINGS:
            self.strings.add(content)
        elif kind == IDS:
            self.read_ids(content)
        elif kind == CLAIMS:
            self.read_claims(reader)
        elif kind == PURGES:
            self.read_purges(reader)
        elif kind == BLOCK:
            self.block = Block(self, reader)
        elif kind == COLUMN:
            self.block.read_column(reader)
        else:
            raise Refused(f"a section of kind {kind}")
        require(kind in (STRINGS, IDS) or not reader.left(), "bytes left over in a section")
        if self.block is not None and self.block.columns_left == 0:
            self.close_block()

    def read_head(self, reader):
        bounds = [MAX_OBJECTS, MAX_OBJECTS, MAX_IDS, MAX_IDS, MAX_PATHS, MAX_STRINGS, MAX_STRINGS, MAX_STRINGS]
        self.counts = [reader.varint(bound) for bound in bounds]
        self.object_count = sum(self.counts[:2])
        require(self.object_count <= self.max_objects and sum(self.counts[:4]) <= MAX_IDS, "too many ids")
        info = reader.bytes(reader.left())
        if info:
            try:
                said = parse_json(info.decode("utf-8"))
            except UnicodeDecodeError as error:
                raise Refused(str(error)) from error
            self.file.info = known_info(said)
            policy = Policy(said.get("policy") if isinstance(said, dict) else None)
            self.file.problems += policy.skipped
            if policy.read:
                self.file.info["policy"] = policy.read

    def read_ids(self, content):
        require(self.ids is None, "ids after claims, purges or blocks")
        require(len(content) % PACKED_ID_BYTES == 0, "half an id")
        require(len(content) <= MAX_SECTION_IDS * PACKED_ID_BYTES, "too many ids in a section")
        for at in range(0, len(content), PACKED_ID_BYTES):
            packed = base64.urlsafe_b64encode(content[at : at + PACKED_ID_BYTES])
            self.packed_ids.append(packed.decode().rstrip("="))
        require(len(self.packed_ids) <= self.counts[0] + self.counts[2], "more ids than declared")

    def finish_tables(self):
        if self.ids is not None:
            return
        packed, text, packed_mentioned, text_mentioned, *others = self.counts
        require(len(self.packed_ids) == packed + packed_mentioned, "fewer ids than declared")
        objects = [*self.packed_ids[:packed], *self.strings.take(text)]
        self.ids = [*objects, *self.packed_ids[packed:], *self.strings.take(text_mentioned)]
        paths, actors, users, self.shared = [self.strings.take(count) for count in others]
        require(len(set(paths)) == len(paths), "a path twice")
        self.objects = self.checked(objects, lambda text: is_object_id(text) and text != ROOT)
        self.paths = self.checked(paths, is_path)
        self.actors = self.checked(actors, is_actor)
        self.users = self.checked(users, is_user_id)

    def checked(self, names, is_allowed):
        allowed = [name if is_allowed(name) else MALFORMED for name in names]
        self.file.problems += allowed.count(MALFORMED)
        return allowed

    def read_claims(self, reader):
        for _ in range(reader.varint(reader.left())):
            actor = entry(self.actors, reader.varint())
            users = [entry(self.users, reader.varint()) for _ in range(reader.varint(reader.left()))]
            if actor is not MALFORMED:
                self.claims.append((actor, [user for user in users if user is not MALFORMED]))

    def read_purges(self, reader):
        require(self.objects_read == 0, "purges after a block")
        while reader.left():
            number = reader.varint()
            entry(self.objects, number)
            time = reader.varint()
            if is_time(time):
                self.purges[number] = max(time, self.purges.get(number, time))
            else:
                self.file.problems += 1

    def close_block(self):
        self.registers_read += self.block.registers_read
        require(self.registers_read <= self.max_registers, "too many registers")
        for number, registers in enumerate(self.block.registers, self.block.first):
            object_id = self.objects[number]
            # Registers at or before the purge say nothing.
            purge = self.purges.get(number, -1)
            kept = {path: register for path, register in registers.items() if register.time > purge}
            if object_id is MALFORMED or (not kept and purge < 0):
                continue
            require(object_id not in self.said, "an object twice")
            self.said.add(object_id)
            self.registers += [(object_id, path, register) for path, register in kept.items()]
        self.objects_read += len(self.block.registers)
        self.block = None

    def finish(self):
        require(self.counts is not None, "no head")
        self.finish_tables()
        require(self.block is None, "a block without all of its columns")
        require(self.objects_read == self.object_count, "fewer objects than declared")
        require(self.strings.left() == 0, "strings that nothing takes")
        purges = [(self.objects[number], time) for number, time in self.purges.items()]
        self.file.patch = patch_of(
            self.registers,
            [purge for purge in purges if purge[0] is not MALFORMED],
            self.claims,
        )
        return self.file


def is_path(text):
    component, dot, name = text.partition(".")
    return dot == "." and is_component_name(component) and is_property_name(name)


def known_info(said):
    info = {}
    for name in ("title", "source"):
        text = said.get(name) if isinstance(said, dict) else None
        if isinstance(text, str) and not has_surrogate(text) and len(utf16_units(text)) <= MAX_INFO_CHARACTERS:
            info[name] = text
    created = said.get("createdMs") if isinstance(said, dict) else None
    if isinstance(created, float) and abs(created) != float("inf"):
        info["createdMs"] = created
    return info


class Policy:
    """What a world demanded: the contents of state events that are within the bounds, and how many are not."""

    def __init__(self, said):
        self.read = {}
        self.skipped = 0
        self.bytes = 0
        if not isinstance(said, dict):
            return
        world = self.contents({"": said["world"]} if "world" in said else None, 1)
        rules = self.contents(said.get("rules"), MAX_RULES)
        components = self.contents(said.get("components"), MAX_COMPONENTS)
        parts = {"world": world.get(""), "rules": rules, "components": components}
        self.read = {name: part for name, part in parts.items() if part}

    def contents(self, said, most):
        found = {}
        keys = sorted(said, key=utf8_order) if isinstance(said, dict) else []
        for key in keys[:most]:
            size = self.size_of(key, said[key])
            if size is None or self.bytes + size > MAX_POLICY_BYTES:
                self.skipped += 1
            else:
                self.bytes += size
                found[key] = said[key]
        if len(keys) > most:
            self.skipped += 1
        return found

    def size_of(self, key, content):
        if not is_text(key) or utf8_length(key) > MAX_STATE_KEY_BYTES or not is_bounded(content):
            return None
        if not has_only_safe_integers(content) or not has_only_texts(content):
            return None
        return utf8_length(canonical({key: content}))


def is_text(text):
    return not has_surrogate(text) and "\0" not in text


def has_only_texts(value):
    if isinstance(value, str):
        return is_text(value)
    if isinstance(value, dict):
        return all(is_text(name) and has_only_texts(item) for name, item in value.items())
    return all(has_only_texts(item) for item in value) if isinstance(value, list) else True
