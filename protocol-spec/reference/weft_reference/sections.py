"""Bytes, sections and strings: what binary files are made of (binary.md)."""

import zlib

from .values import Refused

MAX_STRINGS = 6_000_000
MAX_STRING_BYTES = 256 * 1024 * 1024
MAX_SECTION_BYTES = 1024 * 1024
MAX_INFLATED_SECTION_BYTES = 64 * 1024
MAX_SAFE_INTEGER = 2**53 - 1
DEFLATED = 128
# What stands for a value, a name or a stamp that is malformed.
MALFORMED = object()


def require(fits, what):
    if not fits:
        raise Refused(what)


def entry(table, number):
    require(0 <= number < len(table), "a number beyond its table")
    return table[number]


class Reader:
    """The bytes of one section, or of the body."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def left(self):
        return len(self.data) - self.at

    def bytes(self, count):
        require(count <= self.left(), "cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def u8(self):
        return self.bytes(1)[0]

    def varint(self, most=MAX_SAFE_INTEGER):
        integer = 0
        for place in range(8):
            byte = self.u8()
            integer |= (byte & 127) << (7 * place)
            if byte < 128:
                require(integer <= most, f"more than {most}")
                return integer
        raise Refused("an integer of more than 8 bytes")

    def packed(self, count):
        zigzag = self.varint()
        base = zigzag // 2 if zigzag % 2 == 0 else -(zigzag + 1) // 2
        width = self.u8()
        require(width <= 32, "integers of more than 32 bits")
        bits = int.from_bytes(self.bytes((count * width + 7) // 8), "little")
        return [base + (bits >> (at * width) & ((1 << width) - 1)) for at in range(count)]

    def numbers_of(self, table, count):
        """Packed numbers, each replaced by what it stands for."""
        return [entry(table, number) for number in self.packed(count)]

    def ascending(self, count, end):
        """The numbers of a list, one by one: what belongs to each may be read in between."""
        at = -1
        for _ in range(self.varint(count)):
            at += 1 + self.varint()
            require(at < end, "a number beyond its list")
            yield at


def section_size(reader):
    """What the next section comes to, inflated, as it says itself; reads nothing."""
    ahead = Reader(reader.data)
    ahead.at = reader.at
    kind = ahead.u8()
    stored = ahead.varint(MAX_SECTION_BYTES)
    return stored if kind < DEFLATED else ahead.varint(MAX_INFLATED_SECTION_BYTES)


def read_section(reader):
    kind = reader.u8()
    stored = reader.varint(MAX_SECTION_BYTES)
    if kind < DEFLATED:
        return kind, reader.bytes(stored)
    size = reader.varint(MAX_INFLATED_SECTION_BYTES)
    require(stored < size, "deflate made it no smaller")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflate.decompress(reader.bytes(stored), size + 1)
    except zlib.error as error:
        raise Refused(f"not deflated: {error}") from error
    require(len(content) == size and inflate.eof, "another size than declared")
    return kind - DEFLATED, content


class Strings:
    """The queue that all sections of strings form."""

    def __init__(self):
        self.strings = []
        self.next = 0
        self.bytes = 0

    def add(self, content):
        self.bytes += len(content)
        require(self.bytes <= MAX_STRING_BYTES, "too many bytes of strings")
        require(content.endswith(b"\0"), "a string without an end")
        try:
            self.strings += content[:-1].decode("utf-8").split("\0")
        except UnicodeDecodeError as error:
            raise Refused(str(error)) from error
        require(len(self.strings) <= MAX_STRINGS, "too many strings")

    def left(self):
        return len(self.strings) - self.next

    def take(self, count):
        require(count <= self.left(), "too few strings")
        self.next += count
        return self.strings[self.next - count : self.next]
