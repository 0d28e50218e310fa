"""Names: ids, components, properties, actors, users, times (model.md)."""

import re

from .values import FORBIDDEN_NAMES, has_surrogate, utf8_length, utf16_units

ROOT = "root"
RESERVED_COMPONENT = "w"
TICKS_PER_MS = 2048
MAX_TIME = 2**53 - 2**31 - 1
MAX_USER_ID_BYTES = 255

# Every pattern is matched against the whole text: Python's $ would let a line break pass.
OBJECT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
PERSONAL_OBJECT_ID = re.compile(r"u_[A-Za-z0-9_-]{22}_")
ACTOR_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
COMPONENT = re.compile(r"[a-z][A-Za-z0-9_]{0,31}(:[a-zA-Z][A-Za-z0-9_-]{0,63})?")
PROPERTY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
# Spelt out, since \s of Python and of ECMAScript differ (U+001C to U+001F, U+0085, U+FEFF).
WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
USER_ID = re.compile(f"@([^\0:]*):([^\0{WHITE_SPACE}]+)", re.DOTALL)


def is_object_id(text):
    return isinstance(text, str) and bool(OBJECT_ID.fullmatch(text)) and text not in FORBIDDEN_NAMES


def is_personal_object_id(text):
    return bool(PERSONAL_OBJECT_ID.match(text))


def is_component_name(text):
    return bool(COMPONENT.fullmatch(text)) and text != RESERVED_COMPONENT and text not in FORBIDDEN_NAMES


def is_property_name(text):
    return bool(PROPERTY.fullmatch(text)) and text not in FORBIDDEN_NAMES


def is_user_id(text):
    if not isinstance(text, str) or has_surrogate(text) or utf8_length(text) > MAX_USER_ID_BYTES:
        return False
    found = USER_ID.fullmatch(text)
    return found is not None and all(len(utf16_units(part)) <= 253 for part in found.groups())


def is_actor(text):
    if not isinstance(text, str):
        return False
    return (bool(ACTOR_ID.fullmatch(text)) and text not in FORBIDDEN_NAMES) or is_user_id(text)


def is_time(number):
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    return float(number).is_integer() and 0 <= number <= MAX_TIME
