"""Which values do not fit their component: the built-in ones (components.md) and those that a world declares (rules.md).
What does not fit is listed, and hides nothing."""

import functools
import json
import pathlib
import re

from .names import WHITE_SPACE, is_component_name, is_property_name
from .rules import decode_content, properties_of
from .schemas import Check, check_schema, unfit
from .values import Refused, utf8_order

MAX_COMPONENTS = 256
BUILT_IN = pathlib.Path(__file__).resolve().parent.parent.parent / "schemas" / "components"


def read_events(events):
    """The schemas that a room's current `world.weft.component` events declare, by name and in order, and the state keys
    of those that declare none."""
    written = [event for event in events if event["content"] not in ({}, [])]
    written.sort(key=lambda event: utf8_order(event["stateKey"]))
    declared = {}
    problems = []
    for event in written[:MAX_COMPONENTS]:
        try:
            declared[event["stateKey"]] = decode(event["stateKey"], event["content"])
        except Refused:
            problems.append(event["stateKey"])
    return declared, problems


def decode(name, content):
    if not is_component_name(name) or ":" not in name:
        raise Refused("the name of a component")
    schema = decode_content(content).get("schema")
    check_schema(schema)
    if not all(is_property_name(property_name) for property_name in schema.get("properties", {})):
        raise Refused("no property has this name")
    return schema


def misfits(reduction, declared):
    """The paths of each present object whose value does not fit, or is not there though it has to be."""
    found = {}
    for object_id in reduction.present:
        paths = [*built_in_misfits(reduction, object_id), *declared_misfits(reduction, object_id, declared)]
        if paths:
            found[object_id] = sorted(paths, key=utf8_order)
    return found


def declared_misfits(reduction, object_id, declared):
    """All declared components share the steps of one check; where they are spent, the list ends."""
    check = Check()
    for component in sorted(declared, key=utf8_order):
        properties = properties_of(reduction, object_id, component)
        if properties:
            yield from (f"{component}.{name}" for name in unfit(declared[component], properties, check))
        if check.spent:
            return


def built_in_misfits(reduction, object_id):
    for path, register in reduction.registers[object_id].items():
        schema = built_in_schemas().get(path)
        if schema is not None and register.value is not None and not BuiltInCheck().fits(schema, register.value):
            yield path


@functools.cache
def built_in_schemas():
    """The schema of each property of a built-in component, by path."""
    schemas = {}
    for file in BUILT_IN.glob("*.json"):
        component = json.loads(file.read_text(encoding="utf-8"), parse_int=float)
        for name, schema in component["properties"].items():
            schemas[f"{file.stem}.{name}"] = cut_down(schema)
    return schemas


def cut_down(schema):
    """JSON Schema 2020-12 closes a tuple with `items: false`."""
    if isinstance(schema, list):
        return [cut_down(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {keyword: cut_down(value) for keyword, value in schema.items()}
    if result.get("items") is False:
        del result["items"]
        result["additionalItems"] = False
    return result


class BuiltInCheck(Check):
    """As for a stranger's schema; these may hold patterns, too."""

    def fits(self, schema, value):
        if "pattern" in schema and isinstance(value, str) and not pattern_of(schema["pattern"]).search(value):
            return False
        return super().fits(schema, value)


@functools.cache
def pattern_of(pattern):
    # ECMAScript's $ matches at the very end only, and its \s is another set of characters.
    return re.compile(pattern.replace("$", r"\Z").replace(r"\s", WHITE_SPACE))
