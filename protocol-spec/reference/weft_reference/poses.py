"""Updates of poses (poses.md): their bits, how movers stand, and how they go on."""

from .values import Refused

BODY_BITS = (22, 20, 22)
PART_BITS = (13, 13, 13)
MOVED_BITS = (0, 5, 8, 14)
TURNED_BITS = (0, 5, 8)
WHOLE_ROTATION = 3
MAX_SQUARES = 2 * 511 * 511
MOVED_SHIFTS = (0, 2, 5)
TURNED_SHIFTS = (0, 2)
MAX_STEP_MS = 511
MAX_AGE_MS = 2047
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
        """`movers`: handle, which other parts (1 head, 2 left, 4 right), and whether it is an own one."""
        self.parts = {}
        self.own = set()
        for handle, parts, own in movers:
            self.parts[handle] = parts
            if own:
                self.own.add(handle)
        self.told = {}
        self.courses = {}

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
            self.courses[handle] = None
        return [{"handle": handle, **update} for handle, update in said.items()]

    def read_flow(self, at, updates):
        """The same of a frame pose-flow, but for own movers."""
        bits = Bits(updates)
        said = {}
        handle = 0
        while 8 * len(bits.data) - bits.at >= 8:
            handle += read_gamma(bits)
            if handle not in self.parts:
                raise Refused("a mover that is unknown")
            count = 1 + bin(self.parts[handle]).count("1")
            if handle in self.own:
                skip_flow_update(bits, count)
            else:
                said[handle] = read_flow_update(bits, count, at, self.courses.get(handle))
        bits.align()
        for handle, (update, course) in said.items():
            self.told[handle] = update["pose"]
            self.courses[handle] = course
        return [{"handle": handle, **update} for handle, (update, _course) in said.items()]


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
    teleported, pose = read_more(bits, more, AT_REST if whole else baseline)
    pose["numbers"] = []
    for part in range(count):
        widths = PART_BITS if part else BODY_BITS
        numbers = read_whole(bits, widths) if whole else read_change(bits, baseline["numbers"][7 * part : 7 * part + 7])
        check(numbers, widths)
        pose["numbers"] += numbers
    bits.align()
    return {"ageMs": age, "teleported": teleported, "pose": pose}


def read_more(bits, more, before):
    """What there is to say beside where the parts are, of a mover in sight."""
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
    return teleported, pose


def read_gamma(bits):
    after = 0
    while not bits.take(1):
        after += 1
        if after == 28:
            raise Refused("a handle that is too long")
    return 1 << after | bits.take(after)


def read_short(bits, shift, most):
    """A number that is more or less than 0; None where there are as many ones as there may be."""
    ones = 0
    while bits.take(1):
        ones += 1
        if ones == most:
            return None
    folded = ones << shift | bits.take(shift)
    return -(folded + 1 >> 1) if folded & 1 else folded >> 1


def read_time(bits):
    """What is said of when a mover stood so: in which form, and milliseconds."""
    more = read_short(bits, 1, 3)
    if more is not None:
        return "more", more
    age = bits.take(6)
    if age < 63:
        return "age", age
    form = bits.take(2)
    if form == 3:
        raise Refused("no form")
    return [("step", 9), ("stayed", 11), ("anew", 0)][form][0], bits.take((9, 11, 0)[form])


def read_flow_update(bits, count, frame, known):
    """What it says, and how the mover came there: its pose, its time of 16 bits, and the point before."""
    form, time = read_time(bits)
    if form == "anew":
        return read_anew(bits, count, frame)
    if known is None:
        raise Refused("nothing is known that could go on")
    pose, before = known["pose"], known["before"]
    step = 0 if form == "stayed" else step_of(known)
    if form == "stayed":
        on = 0
        at = frame - time & 0xFFFF
    else:
        on = {"more": (step or 50) + time, "step": time, "age": frame - time - known["at"] & 0xFFFF}[form]
        if not 1 <= on <= MAX_STEP_MS:
            raise Refused("a step that takes no time, or too much")
        at = known["at"] + on & 0xFFFF
    age = frame - at & 0xFFFF
    numbers = []
    for part in range(count):
        own = slice(7 * part, 7 * part + 7)
        guess = guessed(pose["numbers"][own], before["numbers"][own] if step else None, step, on)
        numbers += read_part(bits, guess, PART_BITS if part else BODY_BITS)
    if age > MAX_AGE_MS:
        raise Refused("a pose that is too old")
    _teleported, doing = read_more(bits, False, pose)
    now = {**doing, "numbers": numbers}
    course = {"pose": now, "at": at, "before": {"numbers": pose["numbers"], "at": known["at"]} if on else None}
    return {"ageMs": age, "teleported": False, "pose": now}, course


def skip_flow_update(bits, count):
    if read_time(bits)[0] == "anew":
        read_anew(bits, count, 0)
        return
    for part in range(count):
        read_part(bits, [0] * 7, PART_BITS if part else BODY_BITS)


def read_part(bits, guess, widths):
    usual = bits.take(1) == 0
    position = left_over(bits, 0 if usual else shift_of(MOVED_SHIFTS, bits.take(2)), guess[:3])
    turned = bits.take(1) if usual else bits.take(2)
    if turned == WHOLE_ROTATION:
        rotation = read_rotation(bits)
    else:
        rotation = [guess[3], *left_over(bits, shift_of(TURNED_SHIFTS, turned), guess[4:])]
    check(position + rotation, widths)
    return position + rotation


def shift_of(shifts, choice):
    return shifts[choice - 1] if choice else None


def step_of(known):
    """How long the step before took, in milliseconds; 0 where nothing follows from it."""
    if known["before"] is None:
        return 0
    step = known["at"] - known["before"]["at"] & 0xFFFF
    places = [place for place in range(len(known["pose"]["numbers"])) if place % 7 < 3]
    changes = [known["before"]["numbers"][place] - known["pose"]["numbers"][place] for place in places]
    return step if 1 <= step <= MAX_STEP_MS and all(-8192 <= change < 8192 for change in changes) else 0


def guessed(now, before, step, on):
    if before is None:
        return list(now)
    turns = now[3] == before[3]
    return [
        number + (2 * (number - was) * on + step) // (2 * step) if place < 3 or (place > 3 and turns) else number
        for place, (number, was) in enumerate(zip(now, before))
    ]


def left_over(bits, shift, numbers):
    if shift is None:
        return list(numbers)
    others = []
    for _number in numbers:
        others.append(read_short(bits, shift, 16))
        if others[-1] is None:
            raise Refused("too many ones")
    return [number + other for number, other in zip(numbers, others)]


def read_anew(bits, count, frame):
    age = bits.take(11)
    more = bits.take(1) == 1
    if more and bits.take(1):
        return {"ageMs": age, "teleported": False, "pose": None}, None
    teleported, pose = read_more(bits, more, AT_REST)
    pose["numbers"] = []
    for part in range(count):
        widths = PART_BITS if part else BODY_BITS
        numbers = read_whole(bits, widths)
        check(numbers, widths)
        pose["numbers"] += numbers
    at = frame - age & 0xFFFF
    before = None
    if bits.take(1):
        step = bits.take(9)
        if step == 0:
            raise Refused("a step that takes no time")
        before = {"numbers": [], "at": at - step & 0xFFFF}
        for part in range(count):
            numbers = read_change(bits, pose["numbers"][7 * part : 7 * part + 7])
            check(numbers, PART_BITS if part else BODY_BITS)
            before["numbers"] += numbers
    return {"ageMs": age, "teleported": teleported, "pose": pose}, {"pose": pose, "at": at, "before": before}


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
