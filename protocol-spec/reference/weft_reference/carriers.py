"""Carriers with one writer: bundles, personal events and layers (carriers.md)."""

import base64
import hashlib
import re
from dataclasses import dataclass, field

from . import binary_file
from .names import is_personal_object_id
from .object_event import is_bounded_json
from .registers import Patch, entries_of, patch_of
from .values import Refused, canonical, utf16_units, utf8_length

BUNDLE = "world.weft.bundle"
PERSONAL = "world.weft.personal"
LAYER = "world.weft.layer"
SLOTS = {BUNDLE: 8, LAYER: 2}
VERSION = 1
MAX_CONTENT_BYTES = 61_440
MAX_BUNDLE_INFLATED_BYTES = 1024 * 1024
MAX_BUNDLE_OBJECTS = 4096
MAX_BUNDLE_REGISTERS = 65_536
MAX_BLOB_SOURCES = 8
MAX_BLOB_SOURCE_CHARACTERS = 1024
MAX_BLOB_BYTES = 64 * 1024 * 1024
MAX_BLOB_OBJECTS = 500_000

WRITER_KEY = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9])")
BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
SHA256 = re.compile(r"[0-9a-f]{64}")
SET_HASH = re.compile(r"[0-9a-f]{32}")
SERVER = r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,230})(?::[0-9]{1,5})?"
PATH = r"(?:[/?#][!#-;=?-\[\]_a-z~]*)?"
SOURCE = re.compile(
    rf"mxc://{SERVER}/[A-Za-z0-9_-]{{1,255}}|ipfs://[A-Za-z0-9]{{32,128}}{PATH}|https://{SERVER}{PATH}"
)


@dataclass
class Decoded:
    patch: Patch = field(default_factory=Patch)
    # How much was skipped and reported.
    problems: int = 0
    # Where the patch is, if not here.
    blob: dict | None = None
    # Of a layer.
    hash: str | None = None
    covers: dict = field(default_factory=dict)


def writer_hash(user):
    digest = hashlib.sha256(user.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:22]


def decode(event_type, state_key, content, sender, redacted_at_ms=None):
    """Reads one event. What is malformed is dropped alone and reported."""
    if redacted_at_ms is not None or content == {}:
        return Decoded()
    if not is_own_key(event_type, state_key, sender) or not is_content(content):
        return Decoded(problems=1)
    try:
        if event_type == LAYER or (event_type == BUNDLE and "blob" in content):
            return read_pointer(content)
        return read_packed(content, event_type, sender)
    except Refused:
        return Decoded(problems=1)


def is_own_key(event_type, state_key, sender):
    if event_type == PERSONAL:
        return state_key == sender
    found = WRITER_KEY.fullmatch(state_key) if isinstance(state_key, str) else None
    return found is not None and found[1] == writer_hash(sender) and int(found[2]) < SLOTS[event_type]


def is_content(content):
    if not isinstance(content, dict) or not is_bounded_json(content, 0):
        return False
    version = content.get("v")
    return utf8_length(canonical(content)) <= MAX_CONTENT_BYTES and version == VERSION and version is not True


def read_packed(content, event_type, sender):
    file = binary_file.decode(
        from_base64url(content.get("patch")),
        max_content_bytes=MAX_BUNDLE_INFLATED_BYTES,
        max_objects=MAX_BUNDLE_OBJECTS,
        max_registers=MAX_BUNDLE_REGISTERS,
    )
    if event_type == PERSONAL:
        own = f"u_{writer_hash(sender)}_"
        return only(file, lambda object_id: object_id.startswith(own))
    return only(file, lambda object_id: not is_personal_object_id(object_id))


def only(file, is_accepted):
    """What of a file counts, of the objects that may be spoken of here."""
    patch = file.patch
    objects = patch.registers.keys() | patch.purges.keys()
    dropped = [object_id for object_id in objects if not is_accepted(object_id)]
    kept = patch_of(
        [entry for entry in entries_of(patch) if is_accepted(entry[0])],
        [(object_id, time) for object_id, time in patch.purges.items() if is_accepted(object_id)],
        patch.actors.items(),
    )
    return Decoded(kept, file.problems + len(dropped))


def from_base64url(text):
    if not isinstance(text, str) or not BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise Refused("no base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != text:
        raise Refused("bits that are not used")
    return data


def read_pointer(content):
    blob = content.get("blob")
    if not isinstance(blob, dict) or not is_match(SHA256, blob.get("sha256")):
        raise Refused("no pointer")
    if not is_count(blob.get("bytes"), 1, MAX_BLOB_BYTES) or not is_count(blob.get("objects"), 0, MAX_BLOB_OBJECTS):
        raise Refused("a count out of range")
    listed = blob.get("sources") if isinstance(blob.get("sources"), list) else []
    usable = list(dict.fromkeys(source for source in listed if is_source(source)))[:MAX_BLOB_SOURCES]
    if not usable:
        raise Refused("no source")
    pointer = {name: blob[name] for name in ("sha256", "bytes", "objects")} | {"sources": usable}
    covers = content.get("covers")
    return Decoded(
        problems=0 if len(usable) == len(listed) else 1,
        blob=pointer,
        hash=content["hash"] if is_match(SET_HASH, content.get("hash")) else None,
        covers={
            key: event for key, event in (covers if isinstance(covers, dict) else {}).items() if isinstance(event, str)
        },
    )


def is_source(source):
    return (
        isinstance(source, str)
        and len(utf16_units(source)) <= MAX_BLOB_SOURCE_CHARACTERS
        and SOURCE.fullmatch(source) is not None
    )


def is_match(pattern, text):
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def is_count(number, least, most):
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    return float(number).is_integer() and least <= number <= most


def is_file_of(data, pointer):
    """Whether these bytes are the file that a pointer names."""
    return len(data) == pointer["bytes"] and hashlib.sha256(data).hexdigest() == pointer["sha256"]
