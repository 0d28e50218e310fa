"""Rules: how they are read, and which objects they suspend (rules.md)."""

import re

from .names import ROOT, TICKS_PER_MS, is_component_name, is_object_id, is_property_name
from .object_event import MAX_OBJECT_EVENT_BYTES, is_bounded_json
from .schemas import Check, check_schema, fits, fits_component
from .transforms import position_of, world_matrix
from .values import MAX_SAFE_INTEGER, TAG, Refused, canonical, parse_json, utf8_length, utf8_order

MAX_RULES = 256
MAX_NAMED_CLASHES = 8
RULE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")


def record(required, optional):
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


NAME = {"type": "string", "minLength": 1, "maxLength": 64}
COMPONENT = {"type": "string", "minLength": 1, "maxLength": 97}
PATH = {"type": "string", "minLength": 3, "maxLength": 161}
NUMBER = {"type": "number"}
POINT = {"type": "array", "items": NUMBER, "minItems": 3, "maxItems": 3}
PARENT_FORM = record({}, {"kind": NAME, "tag": NAME, "component": COMPONENT})
MATCH = record({}, {"kind": NAME, "tag": NAME, "component": COMPONENT, "under": NAME})


def rule_shape(required, optional=None):
    common = {"match": MATCH, "title": {"type": "string", "maxLength": 200}}
    return record({"kind": {}, **required}, {**common, **(optional or {})})


# What a rule of each kind holds: members that must be there, and members that may be.
SHAPES = {
    "schema": rule_shape({"component": COMPONENT}, {"required": {"type": "boolean"}, "schema": {}}),
    "parent": rule_shape(
        {"parents": {"type": "array", "items": PARENT_FORM, "maxItems": 32}}, {"root": {"type": "boolean"}}
    ),
    "bounds": rule_shape({"min": POINT, "max": POINT}, {"space": {"enum": ["world", "local"]}}),
    "limit": rule_shape(
        {"count": {"type": "integer", "minimum": 0, "maximum": 1_000_000}},
        {"per": {"enum": ["world", "owner"]}},
    ),
    "unique": rule_shape({"property": PATH}),
    "range": rule_shape({"property": PATH}, {"min": NUMBER, "max": NUMBER}),
    "locked": rule_shape({"level": {"type": "integer", "minimum": 0, "maximum": MAX_SAFE_INTEGER}}),
}


def read_events(events):
    """The rules of a room's current `world.weft.rule` events, by name and in order, and the state keys of those that
    hold none."""
    written = [event for event in events if event["content"] not in ({}, [])]
    written.sort(key=lambda event: utf8_order(event["stateKey"]))
    rules = {}
    problems = []
    for event in written[:MAX_RULES]:
        try:
            rules[event["stateKey"]] = decode(event["stateKey"], event["content"])
        except Refused:
            problems.append(event["stateKey"])
    return rules, problems


def decode(name, content):
    if not isinstance(name, str) or not RULE_NAME.fullmatch(name):
        raise Refused("the name of a rule")
    rule = decode_content(content)
    kind = rule.get("kind")
    if not isinstance(kind, str) or kind not in SHAPES or not fits(SHAPES[kind], rule):
        raise Refused("the shape of a rule")
    forms = [rule.get("match", {}), *rule.get("parents", [])]
    if not all(is_component_name(form["component"]) for form in forms if "component" in form):
        raise Refused("no component has this name")
    if not is_object_id(rule.get("match", {}).get("under", ROOT)):
        raise Refused("no object has this id")
    CHECKS.get(kind, lambda rule: None)(rule)
    return rule


def decode_content(content):
    """Members in the form that values have on the wire, within the bounds of an object event."""
    if not is_bounded(content):
        raise Refused("the content of a rule")
    members = {name: decode_member(wire) for name, wire in content.items()}
    # Once more: the text of what was tagged was not looked into.
    if not is_bounded(members):
        raise Refused("the content of a rule")
    return members


def is_bounded(content):
    return (
        isinstance(content, dict)
        and is_bounded_json(content, 0)
        and utf8_length(canonical(content)) <= MAX_OBJECT_EVENT_BYTES
    )


def decode_member(wire):
    if not isinstance(wire, str) or not wire.startswith(TAG):
        return wire
    return wire[1:] if wire.startswith(TAG, 1) else parse_json(wire[1:])


def check_schema_rule(rule):
    if not is_component_name(rule["component"]):
        raise Refused("no component has this name")
    if "schema" in rule:
        check_schema(rule["schema"])
    elif rule.get("required") is not True:
        raise Refused("a rule that asks for nothing")


def check_bounds_rule(rule):
    if any(least > most for least, most in zip(rule["min"], rule["max"], strict=True)):
        raise Refused("min is greater than max")


def check_path(rule):
    component, dot, name = rule["property"].partition(".")
    if not (dot and is_component_name(component) and is_property_name(name)):
        raise Refused("property is no path")


def check_range_rule(rule):
    check_path(rule)
    if "min" not in rule and "max" not in rule:
        raise Refused("a range without an end")
    if rule.get("min", float("-inf")) > rule.get("max", float("inf")):
        raise Refused("min is greater than max")


CHECKS = {
    "schema": check_schema_rule,
    "bounds": check_bounds_rule,
    "unique": check_path,
    "range": check_range_rule,
}


def suspend(reduction, visible):
    """The suspended among the objects that the tree shows: each with the rule that it breaks and what is in its way.
    Rules that look at one object come first, then those that count; both in the order of their names."""
    names = sorted(reduction.rules, key=utf8_order)
    suspended = {}
    for object_id in visible - reduction.sealed:
        breach = first_breach(reduction, names, object_id)
        if breach is not None:
            suspended[object_id] = breach
    for name in names:
        rule = reduction.rules[name]
        if rule["kind"] in KEYS:
            count(reduction, name, visible, suspended)
    return suspended


def first_breach(reduction, names, object_id):
    """The first rule that an object breaks by itself, and what is in its way; its schemas share the steps of one check."""
    check = Check()
    for name in names:
        rule = reduction.rules[name]
        if rule["kind"] in BREACHES and matches(reduction, rule, object_id):
            clashes = BREACHES[rule["kind"]](reduction, rule, object_id, check)
            if clashes is not None:
                return name, clashes
    return None


def count(reduction, name, visible, suspended):
    """One counting rule, over what the rules before it left in the scene."""
    rule = reduction.rules[name]
    capacity = int(rule.get("count", 1))
    groups = {}
    for object_id in visible:
        if suspended.keys() & set(reduction.way_up(object_id)) or not matches(reduction, rule, object_id):
            continue
        key = KEYS[rule["kind"]](reduction, rule, object_id)
        if key is not None:
            groups.setdefault(key, []).append(object_id)
    for group in groups.values():
        group.sort(key=lambda object_id: place_order(reduction, object_id))
        clashes = group[: min(capacity, MAX_NAMED_CLASHES)]
        for object_id in group[capacity:]:
            if object_id not in reduction.sealed:
                suspended[object_id] = (name, clashes)


def place_order(reduction, object_id):
    """What is sealed, then what was made earlier, then by id."""
    return (object_id not in reduction.sealed, created(reduction, object_id), utf8_order(object_id))


def created(reduction, object_id):
    earliest = min(register.time for register in reduction.registers[object_id].values())
    claim = reduction.value(object_id, "node.created")
    if isinstance(claim, float) and claim.is_integer() and 0 <= claim <= MAX_SAFE_INTEGER:
        return min(earliest, int(claim) * TICKS_PER_MS)
    return earliest


def matches(reduction, rule, object_id):
    match = rule.get("match", {})
    under = match.get("under", ROOT)
    return has_form(reduction, match, object_id) and (
        under == ROOT or under in reduction.way_up(object_id)[1:]
    )


def has_form(reduction, form, object_id):
    if "kind" in form and reduction.value(object_id, "node.kind") != form["kind"]:
        return False
    tags = reduction.value(object_id, "node.tags")
    if "tag" in form and not (isinstance(tags, list) and form["tag"] in tags):
        return False
    return "component" not in form or bool(properties_of(reduction, object_id, form["component"]))


def properties_of(reduction, object_id, component):
    """The properties of a component as written, without those that are null."""
    properties = {}
    for path, register in reduction.registers[object_id].items():
        of, _, name = path.partition(".")
        if of == component and register.value is not None:
            properties[name] = register.value
    return properties


def schema_breach(reduction, rule, object_id, check):
    properties = properties_of(reduction, object_id, rule["component"])
    if not properties:
        return [] if rule.get("required") else None
    return None if "schema" not in rule or fits_component(rule["schema"], properties, check) else []


def parent_breach(reduction, rule, object_id, _check):
    parent = reduction.parents[object_id]
    if parent == ROOT:
        return None if rule.get("root") else []
    return None if any(has_form(reduction, form, parent) for form in rule["parents"]) else [parent]


def bounds_breach(reduction, rule, object_id, _check):
    if rule.get("space") == "local":
        origin = position_of(reduction, object_id)
    else:
        origin = world_matrix(reduction, object_id)[12:15]
    # What is not a number lies nowhere.
    inside = all(least <= at <= most for least, at, most in zip(rule["min"], origin, rule["max"], strict=True))
    return None if inside else []


def range_breach(reduction, rule, object_id, _check):
    value = reduction.value(object_id, rule["property"])
    least, most = rule.get("min", float("-inf")), rule.get("max", float("inf"))
    numbers = value if isinstance(value, list) else [value]
    inside = all(isinstance(number, float) and least <= number <= most for number in numbers)
    return None if value is None or inside else []


def owner_key(reduction, rule, object_id):
    owner = reduction.value(object_id, "node.owner")
    return owner if rule.get("per") == "owner" and isinstance(owner, str) else ""


def value_key(reduction, rule, object_id):
    value = reduction.value(object_id, rule["property"])
    return None if value is None else canonical(value)


# How an object breaks a rule by itself: None, or the objects that are in its way.
BREACHES = {"schema": schema_breach, "parent": parent_breach, "bounds": bounds_breach, "range": range_breach}
# Among which objects a counting rule counts one.
KEYS = {"limit": owner_key, "unique": value_key}
