"""Updates of poses (poses.md): their bits, and how movers stand."""

from .values import Refused

BODY_BITS = (22, 20, 22)
PART_BITS = (13, 13, 13)
MOVED_BITS = (0, 5, 8, 14)
TURNED_BITS = (0, 5, 8)
WHOLE_ROTATION = 3
MAX_SQUARES = 2 * 511 * 511
AT_REST = {"velocity": None, "state": 0, "speaking": False, "resting": False}


class Bits:
    """Takes numbers of a few bits, the most significant first."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def __bool__(self):
        return self.at < 8 * len(self.data)

    def take(self, width):
        if self.at + width > 8 * len(self.data):
            raise Refused("poses end too early")
        value = int.from_bytes(self.data, "big") >> (8 * len(self.data) - self.at - width) & ((1 << width) - 1)
        self.at += width
        return value

    def signed(self, width):
        value = self.take(width)
        return value - (1 << width) if width and value >> (width - 1) else value

    def align(self):
        if self.take(-self.at % 8) != 0:
            raise Refused("no zeros at the end of an update")


class PoseReader:
    """Reads the frames of one socket in their order."""

    def __init__(self, movers):
        """`movers`: handle → which other parts (1 head, 2 left, 4 right)."""
        self.parts = dict(movers)
        self.told = {}

    def read(self, updates):
        """What the updates of a frame say; raises Refused, and then knows what it knew before."""
        bits = Bits(updates)
        said = {}
        while bits:
            handle = read_handle(bits)
            if handle not in self.parts or handle in said:
                raise Refused("a mover that is unknown, or twice")
            count = 1 + bin(self.parts[handle]).count("1")
            said[handle] = read_update(bits, count, self.told.get(handle))
        for handle, update in said.items():
            self.told[handle] = update["pose"]
        return [{"handle": handle, **update} for handle, update in said.items()]


def read_handle(bits):
    handle = 0
    for group in range(4):
        byte = bits.take(8)
        handle |= (byte & 127) << (7 * group)
        if byte < 128:
            if byte == 0:
                break
            return handle
    raise Refused("no handle in its shortest form")


def read_update(bits, count, baseline):
    whole, more = bits.take(1) == 1, bits.take(1) == 1
    age = 4 * bits.take(4)
    if age == 60:
        age = 16 * bits.take(8)
    if more and bits.take(1):
        bits.align()
        return {"ageMs": age, "teleported": False, "pose": None}
    if not whole and baseline is None:
        raise Refused("a change of nothing")
    before = AT_REST if whole else baseline
    pose = {"velocity": None, "state": before["state"], "speaking": before["speaking"], "resting": False}
    teleported = False
    if more:
        teleported = bits.take(1) == 1
        pose["resting"] = bits.take(1) == 1
        if bits.take(1):
            pose["state"] = bits.take(4)
            pose["speaking"] = bits.take(1) == 1
        if bits.take(1):
            pose["velocity"] = [bits.signed(11) for _axis in range(3)]
    pose["numbers"] = []
    for part in range(count):
        widths = PART_BITS if part else BODY_BITS
        numbers = read_whole(bits, widths) if whole else read_change(bits, baseline["numbers"][7 * part : 7 * part + 7])
        check(numbers, widths)
        pose["numbers"] += numbers
    bits.align()
    return {"ageMs": age, "teleported": teleported, "pose": pose}


def read_whole(bits, widths):
    return [bits.signed(width) for width in widths] + read_rotation(bits)


def read_rotation(bits):
    return [bits.take(2), *(bits.signed(10) for _component in range(3))]


def read_change(bits, before):
    if not bits.take(1):
        return list(before)
    position = [number + bits.signed(MOVED_BITS[bits.take(2)]) for number in before[:3]]
    turned = bits.take(2)
    if turned == WHOLE_ROTATION:
        return position + read_rotation(bits)
    rotation = list(before[3:])
    if turned:
        for component in range(1, 4):
            if bits.take(1):
                rotation[component] += bits.signed(TURNED_BITS[turned])
    return position + rotation


def check(numbers, widths):
    for number, width in zip(numbers, widths):
        if not -(1 << (width - 1)) <= number < 1 << (width - 1):
            raise Refused("a position beyond its bound")
    small = numbers[4:]
    if any(abs(number) > 511 for number in small) or sum(number * number for number in small) > MAX_SQUARES:
        raise Refused("no rotation")
