"""The JSON Schemas that rules and worlds may bring along, and whether a value fits one (rules.md)."""

import contextlib

from .names import is_property_name
from .values import FORBIDDEN_NAMES, MAX_SAFE_INTEGER, Refused, canonical, utf8_length, utf8_order

MAX_SCHEMA_BYTES = 8192
MAX_SCHEMA_DEPTH = 16
MAX_ENUM_OPTIONS = 256
MAX_ALTERNATIVE_SCHEMAS = 16
# Steps that all schema rules together may take on one object, and as many all declared components together.
MAX_OBJECT_SCHEMA_STEPS = 10_000
# Steps of a property that is absent though it has to be.
ABSENT_PROPERTY_STEPS = 100
TYPES = {"null", "boolean", "integer", "number", "string", "array", "object"}


def check_schema(schema):
    """Raises Refused where a keyword is unknown or malformed, or a bound is passed."""
    if utf8_length(canonical(schema)) > MAX_SCHEMA_BYTES:
        raise Refused("the schema is too large")
    _check(schema, 0)


def _check(schema, depth):
    if depth == MAX_SCHEMA_DEPTH:
        raise Refused("schemas within each other too deeply")
    _require(isinstance(schema, dict), "a schema should be a record")
    twice = "prefixItems" in schema and isinstance(schema.get("items"), list)
    _require(not twice, "the first items twice")
    for keyword, value in schema.items():
        _require(keyword in KEYWORDS, f"the keyword {keyword}")
        KEYWORDS[keyword](value, depth + 1)


def _require(fits, what):
    if not fits:
        raise Refused(what)


def _types(value, _depth):
    types = [value] if isinstance(value, str) else value
    _require(isinstance(types, list) and all(isinstance(each, str) and each in TYPES for each in types), "type")


def _scalar(value, _depth):
    _require(not isinstance(value, (list, dict)), "a constant should be no list and no record")


def _options(value, depth):
    _require(isinstance(value, list) and len(value) <= MAX_ENUM_OPTIONS, "enum")
    for option in value:
        _scalar(option, depth)


def _number(value, _depth):
    _require(isinstance(value, float), "a number")


def _count(value, _depth):
    _require(isinstance(value, float) and value.is_integer() and 0 <= value <= MAX_SAFE_INTEGER, "a count")


def _flag(value, _depth):
    _require(isinstance(value, bool), "true or false")


def _text(value, _depth):
    _require(isinstance(value, str), "text")


def _anything(_value, _depth):
    pass


def _schemas(value, depth):
    _require(isinstance(value, list), "a list of schemas")
    for each in value:
        _check(each, depth)


def _alternatives(value, depth):
    _schemas(value, depth)
    _require(0 < len(value) <= MAX_ALTERNATIVE_SCHEMAS, "anyOf")


def _items(value, depth):
    (_schemas if isinstance(value, list) else _check)(value, depth)


def _properties(value, depth):
    _require(isinstance(value, dict) and not FORBIDDEN_NAMES & value.keys(), "properties")
    for each in value.values():
        _check(each, depth)


def _names(value, _depth):
    _require(isinstance(value, list), "a list of names")
    _require(all(isinstance(name, str) and name not in FORBIDDEN_NAMES for name in value), "required")


def _additional(value, depth):
    if not isinstance(value, bool):
        _check(value, depth)


KEYWORDS = {
    "type": _types,
    "enum": _options,
    "const": _scalar,
    **dict.fromkeys(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "step"], _number),
    **dict.fromkeys(["minLength", "maxLength", "minItems", "maxItems"], _count),
    "prefixItems": _schemas,
    "items": _items,
    "additionalItems": _flag,
    "properties": _properties,
    "required": _names,
    "additionalProperties": _additional,
    "anyOf": _alternatives,
    **dict.fromkeys(["title", "description", "unit"], _text),
    "readOnly": _flag,
    **dict.fromkeys(["editor", "default", "$schema", "$comment"], _anything),
}


class OutOfSteps(Exception):
    pass


def fits(schema, value):
    """Whether a value fits a schema that was checked, within a bounded number of steps."""
    return Check().judge(schema, value)


def fits_component(schema, properties, check):
    """Whether the properties of a component, as written, fit a schema that was checked."""
    return next(unfit(schema, properties, check), None) is None


def unfit(schema, properties, check):
    """Names of properties that do not fit or are absent, each judged by itself, until no steps are left. Other keywords of
    the schema judge nothing."""
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name in sorted(properties, key=utf8_order):
        each = known.get(name, others)
        if each is False or (each is not True and not check.judge(each, properties[name])):
            yield name
        if check.spent:
            return
    required = {name for name in schema.get("required", []) if is_property_name(name)}
    for name in sorted(required - properties.keys(), key=utf8_order):
        check.take(ABSENT_PROPERTY_STEPS)
        yield name
        if check.spent:
            return


class Check:
    """The check of one object, in whose order values are judged. It is spent once something found too few steps left."""

    def __init__(self):
        self.steps_left = MAX_OBJECT_SCHEMA_STEPS
        self.spent = False

    def pay(self, steps):
        self.spent = self.spent or self.steps_left < steps
        if self.spent:
            raise OutOfSteps
        self.steps_left -= steps

    def take(self, steps):
        with contextlib.suppress(OutOfSteps):
            self.pay(steps)

    def judge(self, schema, value):
        try:
            return self.fits(schema, value)
        except OutOfSteps:
            return False

    def fits(self, schema, value):
        self.pay(1)
        if not fits_itself(schema, value):
            return False
        if isinstance(value, list) and not self.items_fit(schema, value):
            return False
        if isinstance(value, dict) and not self.members_fit(schema, value):
            return False
        alternatives = schema.get("anyOf")
        return alternatives is None or any(self.fits(each, value) for each in alternatives)

    def items_fit(self, schema, items):
        first, rest = tuple_of(schema)
        if schema.get("additionalItems") is False and len(items) > len(first):
            return False
        for at, item in enumerate(items):
            each = first[at] if at < len(first) else rest
            if each is None:
                return True
            if not self.fits(each, item):
                return False
        return True

    def members_fit(self, schema, record):
        properties = schema.get("properties", {})
        required = set(schema.get("required", []))
        others = schema.get("additionalProperties", True)
        self.pay(len(required) + len(properties) + (0 if others is True else len(record)))
        if required - record.keys():
            return False
        for name in sorted(properties, key=utf8_order):
            if name in record and not self.fits(properties[name], record[name]):
                return False
        if others is True:
            return True
        rest = sorted((name for name in record if name not in properties), key=utf8_order)
        return not rest if others is False else all(self.fits(others, record[name]) for name in rest)


def tuple_of(schema):
    """The schemas of the first items, and that of all after them: `items` may hold a list, as it once did."""
    items = schema.get("items")
    if isinstance(items, list):
        return items, None
    return schema.get("prefixItems", []), items


def fits_itself(schema, value):
    """All that does not look inside."""
    if "type" in schema and not has_type(schema["type"], value):
        return False
    # By their text: to Python 1 is True.
    if "enum" in schema and canonical(value) not in map(canonical, schema["enum"]):
        return False
    if "const" in schema and canonical(value) != canonical(schema["const"]):
        return False
    if isinstance(value, float):
        return (
            is_within(schema, value, "minimum", "maximum")
            and value > schema.get("exclusiveMinimum", float("-inf"))
            and value < schema.get("exclusiveMaximum", float("inf"))
        )
    if isinstance(value, str):
        return is_within(schema, len(value), "minLength", "maxLength")
    return not isinstance(value, list) or is_within(schema, len(value), "minItems", "maxItems")


def has_type(types, value):
    if value is None:
        name = "null"
    elif isinstance(value, bool):
        name = "boolean"
    elif isinstance(value, float):
        return "number" in types or ("integer" in types and value.is_integer())
    else:
        name = {str: "string", list: "array", dict: "object"}[type(value)]
    return name == types or (isinstance(types, list) and name in types)


def is_within(schema, number, least, most):
    return schema.get(least, number) <= number <= schema.get(most, number)
