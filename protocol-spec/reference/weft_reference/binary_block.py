"""The registers of a binary file: blocks of objects, each with columns (binary.md)."""

import struct

from .names import is_time
from .registers import Register
from .sections import MALFORMED, entry, require
from .values import Refused, normalise, parse_json, utf16_units

MAX_BLOCK_OBJECTS = 2048
MAX_BLOCK_COLUMNS = 2048
MAX_BLOCK_REGISTERS = 65_536
MAX_VECTOR_LENGTH = 16
MAX_JSON_CHARACTERS = 8192


class Block:
    """The registers of some objects that follow one another, while the columns come."""

    def __init__(self, reading, reader):
        self.reading = reading
        self.first = reading.objects_read
        left = min(MAX_BLOCK_OBJECTS, reading.object_count - self.first)
        count = reader.varint(left)
        require(count > 0, "a block of no objects")
        self.registers = [{} for _ in range(count)]
        self.stamps = self.read_stamps(reader)
        self.own = reader.numbers_of(self.stamps, count) if self.stamps else [MALFORMED] * count
        self.columns_left = reader.varint(MAX_BLOCK_COLUMNS)
        self.registers_read = 0
        self.last_path = 0
        self.seen = set()

    def read_stamps(self, reader):
        stamps = []
        time = 0
        for _ in range(reader.varint(reader.left())):
            time += reader.varint()
            actor = entry(self.reading.actors, reader.varint())
            stamps.append((time, actor) if actor is not MALFORMED and is_time(time) else MALFORMED)
        return stamps

    def read_column(self, reader):
        number = reader.varint()
        path = entry(self.reading.paths, number)
        require(number >= self.last_path, "columns in another order than their paths")
        self.last_path = number
        self.columns_left -= 1
        present = self.read_presence(reader)
        self.registers_read += len(present)
        require(self.registers_read <= MAX_BLOCK_REGISTERS, "too many registers in a block")
        stamps = self.read_column_stamps(reader, present)
        values = Values(self.reading, reader).read(len(present))
        for at, stamp, value in zip(present, stamps, values, strict=True):
            if path is MALFORMED:
                continue
            require((at, path) not in self.seen, "two registers at one path")
            self.seen.add((at, path))
            if stamp is MALFORMED or value is MALFORMED:
                self.reading.file.problems += 1
            else:
                self.registers[at][path] = Register(value, *stamp)

    def read_presence(self, reader):
        count = len(self.registers)
        form = reader.u8()
        require(form <= 2, "an unknown form of presence")
        if form == 0:
            return list(range(count))
        if form == 2:
            return list(reader.ascending(count, count))
        bits = reader.bytes((count + 7) // 8)
        return [at for at in range(count) if bits[at // 8] >> (at % 8) & 1]

    def read_column_stamps(self, reader, present):
        form = reader.u8()
        require(form <= 2, "an unknown form of stamps")
        if form == 2:
            return reader.numbers_of(self.stamps, len(present))
        stamps = [self.own[at] for at in present]
        if form == 1:
            for at in reader.ascending(len(present), len(present)):
                stamps[at] = entry(self.stamps, reader.varint())
        return stamps


class Values:
    """The values of one column."""

    def __init__(self, reading, reader):
        self.reading = reading
        self.reader = reader

    def read(self, count):
        kind = self.reader.u8()
        if kind != 5:
            return self.read_plain(kind, count)
        different = self.reader.varint(count)
        table = self.read_plain(self.reader.u8(), different)
        return self.reader.numbers_of(table, count)

    def read_plain(self, kind, count):
        if kind == 0:
            return [value_of_json(text) for text in self.reading.strings.take(count)]
        if kind == 4:
            return self.read_numbers(count)
        require(kind in (1, 2, 3), "an unknown kind of values")
        if kind == 1:
            texts = self.reading.strings.take(count)
        else:
            texts = self.reader.numbers_of(self.reading.shared if kind == 2 else self.reading.ids, count)
        return [value_of(text) for text in texts]

    def read_numbers(self, count):
        length = self.reader.varint(MAX_VECTOR_LENGTH)
        runs = [self.read_run(count) for _ in range(max(1, length))]
        vectors = zip(*runs, strict=True)
        return [value_of(list(numbers) if length else numbers[0]) for numbers in vectors]

    def read_run(self, count):
        form = self.reader.u8()
        if form <= 6:
            # Python divides integers exactly and rounds once.
            return [integer / 10**form for integer in self.reader.packed(count)]
        require(form in (16, 17), "an unknown form of numbers")
        letter, size = ("f", 4) if form == 16 else ("d", 8)
        return struct.unpack(f"<{count}{letter}", self.reader.bytes(count * size))


def value_of_json(text):
    if len(utf16_units(text)) > MAX_JSON_CHARACTERS:
        return MALFORMED
    try:
        return normalise(parse_json(text))
    except Refused:
        return MALFORMED


def value_of(value):
    try:
        return normalise(value)
    except Refused:
        return MALFORMED
