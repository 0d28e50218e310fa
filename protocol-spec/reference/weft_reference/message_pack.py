"""MessagePack as the lane has it (lane.md): what JSON has, and bytes; every length within the bytes."""

import math
import struct

from .values import Refused

MAX_DEPTH = 36
MAX_ELEMENTS = 131_072
MAX_MEMBERS = 1_024
MEMBER_WEIGHT = 6
MAX_EXACT_INTEGER = 2**53

TEXTS = {0xD9: 1, 0xDA: 2, 0xDB: 4}
BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4}
LISTS = {0xDC: 2, 0xDD: 4}
RECORDS = {0xDE: 2, 0xDF: 4}
NUMBERS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}


def decode(data):
    """The one value that the bytes are; raises Refused."""
    reader = _Reader(data)
    value = reader.value(0)
    if reader.at != len(data):
        raise Refused("bytes after the value")
    return value


class _Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0
        self.elements = 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise Refused("fewer bytes than declared")
        self.at += count
        return self.data[self.at - count : self.at]

    def length(self, count):
        return int.from_bytes(self.take(count), "big")

    def value(self, depth):
        first = self.take(1)[0]
        if first < 0x80:
            return first
        if first < 0x90:
            return self.record(first & 0x0F, depth)
        if first < 0xA0:
            return self.list(first & 0x0F, depth)
        if first < 0xC0:
            return self.text(first & 0x1F)
        if first >= 0xE0:
            return first - 0x100
        if first in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[first]
        if first in NUMBERS:
            return self.number(NUMBERS[first])
        if first in TEXTS:
            return self.text(self.length(TEXTS[first]))
        if first in BYTES:
            return bytes(self.take(self.length(BYTES[first])))
        if first in LISTS:
            return self.list(self.length(LISTS[first]), depth)
        if first in RECORDS:
            return self.record(self.length(RECORDS[first]), depth)
        raise Refused(f"a type that JSON does not have: {first:#x}")

    def number(self, form):
        (number,) = struct.unpack(form, self.take(struct.calcsize(form)))
        if not math.isfinite(number):
            raise Refused("a number is not finite")
        if isinstance(number, int) and not -MAX_EXACT_INTEGER <= number < MAX_EXACT_INTEGER:
            raise Refused("an integer that a double does not hold")
        return number

    def text(self, length):
        try:
            return bytes(self.take(length)).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused(f"not UTF-8: {error}") from error

    def enter(self, least_bytes, weight, depth):
        if least_bytes > len(self.data) - self.at:
            raise Refused("fewer bytes than declared")
        if depth == MAX_DEPTH:
            raise Refused("too deep")
        self.elements += weight
        if self.elements > MAX_ELEMENTS:
            raise Refused("too many elements")

    def list(self, count, depth):
        self.enter(count, count, depth)
        return [self.value(depth + 1) for _ in range(count)]

    def record(self, count, depth):
        self.enter(2 * count, MEMBER_WEIGHT * count, depth)
        if count > MAX_MEMBERS:
            raise Refused("too many members")
        record = {}
        for _ in range(count):
            name = self.value(depth + 1)
            if not isinstance(name, str) or name == "__proto__":
                raise Refused("a key that is no text, or forbidden")
            # Of equal names the last one counts.
            record[name] = self.value(depth + 1)
        return record
