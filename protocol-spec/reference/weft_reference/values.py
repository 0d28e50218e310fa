"""Values: which there are, their one text, and how they travel in Matrix events (values.md)."""

import json
import math

MAX_VALUE_DEPTH = 32
MAX_VALUE_BYTES = 4096
MAX_TAGGED_CHARACTERS = 8192
MAX_SAFE_INTEGER = 2**53 - 1
FORBIDDEN_NAMES = frozenset(["__proto__", "constructor", "prototype"])
TAG = "~"


class Refused(Exception):
    """Something that a reader refuses, and why."""


def parse_json(text):
    """JSON as RFC 8259 has it. Every number becomes a float: Python's int and 1 == True would tell apart or mix up
    what JSON does not."""
    try:
        return _whole_characters(
            json.loads(text, parse_int=float, parse_float=float, parse_constant=_refuse_constant)
        )
    except (ValueError, RecursionError) as error:
        raise Refused(f"not JSON: {error}") from error


def _refuse_constant(name):
    # Python reads NaN and Infinity; JSON has neither.
    raise ValueError(name)


def _whole_characters(value):
    """Python keeps two halves of a character apart where one was escaped and the other was not."""
    if isinstance(value, str):
        if not has_surrogate(value):
            return value
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    if isinstance(value, list):
        return [_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {_whole_characters(name): _whole_characters(member) for name, member in value.items()}
    return value


def has_surrogate(text):
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def utf16_units(text):
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]


def utf8_order(text):
    """A sort key: for well-formed text the order of its UTF-8 bytes, which is that of code points. Lone surrogates,
    which have no UTF-8, sort as the first half of a character would."""
    return [_rank(unit) for unit in utf16_units(text)]


def _rank(unit):
    if unit < 0xD800:
        return unit
    return unit + 0x2000 if unit < 0xE000 else unit - 0x800


def utf8_length(text):
    return len(text.encode("utf-8", "surrogatepass"))


def number_text(number):
    """ECMAScript's Number::toString(10). Python's repr finds the same shortest digits but sets them differently."""
    number = float(number)
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.<digits> times ten to this power.
    power = len(whole) + int(exponent or 0) if whole != "0" else len(digits) - len(fraction) + int(exponent or 0)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= power <= 21:
        return sign + digits + "0" * (power - count)
    if 0 < power <= 21:
        return sign + digits[:power] + "." + digits[power:]
    if -6 < power <= 0:
        return sign + "0." + "0" * -power + digits
    tail = "." + digits[1:] if count > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if power > 0 else '-'}{abs(power - 1)}"


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def string_text(text):
    """A string as ECMAScript's JSON.stringify writes it."""
    return '"' + "".join(_escape(character) for character in text) + '"'


def _escape(character):
    if character in ESCAPES:
        return ESCAPES[character]
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x20 or 0xD800 <= code <= 0xDFFF else character


def canonical(value):
    """The one text of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):  # before numbers: a bool is an int to Python
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, str):
        return string_text(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    members = sorted(value.items(), key=lambda member: utf8_order(member[0]))
    return "{" + ",".join(string_text(name) + ":" + canonical(member) for name, member in members) + "}"


def normalise(value):
    """The value that a register holds; raises Refused."""
    result = _normalise(value, 0)
    if utf8_length(canonical(result)) > MAX_VALUE_BYTES:
        raise Refused("the value is too large")
    return result


def _normalise(value, depth):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            raise Refused("a number is not finite")
        return float(value) + 0.0  # -0.0 + 0.0 is 0.0
    if isinstance(value, str):
        return _checked_text(value)
    if depth == MAX_VALUE_DEPTH:
        raise Refused("the value is too deep")
    if isinstance(value, list):
        return [_normalise(item, depth + 1) for item in value]
    if FORBIDDEN_NAMES & value.keys():
        raise Refused("a name is forbidden")
    return {_checked_text(name): _normalise(member, depth + 1) for name, member in value.items()}


def _checked_text(text):
    if "\0" in text:
        raise Refused("text holds NUL")
    if has_surrogate(text):
        raise Refused("text holds a lone surrogate")
    return text


def has_only_safe_integers(value):
    if value is None or isinstance(value, (bool, str)):
        return True
    if isinstance(value, (int, float)):
        return float(value).is_integer() and abs(value) <= MAX_SAFE_INTEGER
    return all(has_only_safe_integers(item) for item in (value if isinstance(value, list) else value.values()))


def encode_wire(value):
    """The form of a register's value in a Matrix event."""
    if isinstance(value, str):
        return TAG + value if value.startswith(TAG) else value
    return value if has_only_safe_integers(value) else TAG + canonical(value)


def decode_wire(wire):
    """The value that a Matrix event holds; raises Refused where it is malformed."""
    if not isinstance(wire, str) or not wire.startswith(TAG):
        return normalise(wire)
    if wire.startswith(TAG, 1):
        return normalise(wire[1:])
    if len(utf16_units(wire)) > MAX_TAGGED_CHARACTERS:
        raise Refused("the tagged text is too long")
    if has_surrogate(wire):
        raise Refused("a lone surrogate on the wire")
    return normalise(parse_json(wire[1:]))
