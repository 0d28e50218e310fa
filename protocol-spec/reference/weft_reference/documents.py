"""Which contributions to a shared document count, and whose client ids are (documents.md)."""

import base64
import hashlib
import re

SLOTS = 32
PARTS = 48
PART_BYTES = 3000
TAG_CHARACTERS = 8
EPOCH = re.compile(r"[A-Za-z0-9_-]{1,24}\Z")
BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


def client_id(actor):
    return int.from_bytes(hashlib.sha256(actor.encode()).digest()[:7], "big") // 8


def epoch_of(registers):
    epoch = registers.get("document.epoch")
    return epoch if isinstance(epoch, str) and EPOCH.match(epoch) else "first"


def contributions(registers):
    """By slot, the whole updates that count; `registers` are values by path."""
    epoch = epoch_of(registers)
    found = []
    for slot in range(SLOTS):
        update = read_slot(registers, slot, epoch)
        if update is not None:
            found.append((slot, update))
    return found


def read_slot(registers, slot, epoch):
    first = read_part(registers.get(f"document.s{slot}_0"), epoch)
    if first is None:
        return None
    whole = b""
    for number in range(first["parts"]):
        part = read_part(registers.get(f"document.s{slot}_{number}"), epoch)
        if part is None or part["parts"] != first["parts"] or part["tag"] != first["tag"]:
            return None
        piece = from_base64url(part["update"])
        if piece is None or len(piece) > PART_BYTES:
            return None
        whole += piece
    return whole if whole and tag_of(whole) == first["tag"] else None


def read_part(value, epoch):
    if not isinstance(value, dict) or value.get("epoch") != epoch:
        return None
    parts = value.get("parts")
    is_count = isinstance(parts, (int, float)) and not isinstance(parts, bool) and parts == int(parts)
    if not is_count or not 1 <= parts <= PARTS:
        return None
    if not isinstance(value.get("tag"), str) or not isinstance(value.get("update"), str):
        return None
    return {**value, "parts": int(parts)}


def tag_of(update):
    return to_base64url(hashlib.sha256(update).digest())[:TAG_CHARACTERS]


def to_base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text):
    if not BASE64URL.match(text) or len(text) % 4 == 1:
        return None
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return data if to_base64url(data) == text else None
