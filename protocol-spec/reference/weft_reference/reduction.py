"""From registers to the visible scene (reduction.md). One function a step; a step reads what the ones before it
found."""

from dataclasses import dataclass, field

from .names import ROOT, is_object_id
from .rules import suspend
from .values import utf8_order

MAX_DEPTH = 256
VISIBLE = "visible"
SUSPENDED = "rule"


@dataclass
class Reduction:
    registers: dict
    # Rules by name, and the objects of sealed carriers, which no rule suspends.
    rules: dict = field(default_factory=dict)
    sealed: frozenset = frozenset()
    present: set = field(default_factory=set)
    # The edge of each present object as written, and after cycles were cut.
    written: dict = field(default_factory=dict)
    parents: dict = field(default_factory=dict)
    cut: set = field(default_factory=set)
    # VISIBLE, or why not: deleted, pending, too-deep, rule (it or one above it breaks one).
    fates: dict = field(default_factory=dict)
    # The rule that an object breaks by itself, and what is in its way.
    suspended: dict = field(default_factory=dict)
    children: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    def value(self, object_id, path):
        register = self.registers[object_id].get(path)
        return None if register is None else register.value

    def way_up(self, object_id):
        """The object and those above it, as far as they are present."""
        way = []
        while object_id in self.parents:
            way.append(object_id)
            object_id = self.parents[object_id]
        return way


def reduce(registers, rules=None, sealed=()):
    """`registers` are those of a patch: by object, then by path; `rules` are by name, as rules.py reads them."""
    reduction = Reduction(registers, rules or {}, frozenset(sealed))
    for step in STEPS:
        step(reduction)
    return reduction


def find_present(reduction):
    for object_id, paths in reduction.registers.items():
        if object_id != ROOT and any(register.value is not None for register in paths.values()):
            reduction.present.add(object_id)


def read_edges(reduction):
    for object_id in reduction.present:
        parent = reduction.value(object_id, "node.parent")
        reduction.written[object_id] = parent if is_object_id(parent) else ROOT


def cut_cycles(reduction):
    reduction.parents = dict(reduction.written)
    for object_id in reduction.present:
        cycle = cycle_through(object_id, reduction.written)
        if cycle and object_id == max(cycle, key=lambda member: edge_order(reduction, member)):
            reduction.cut.add(object_id)
            reduction.parents[object_id] = ROOT


def cycle_through(start, parents):
    way = [start]
    at = parents.get(start)
    while at is not None and at not in way:
        way.append(at)
        at = parents.get(at)
    return way if at == start else []


def edge_order(reduction, object_id):
    # On a cycle every edge is written: the edge that nobody wrote leads to the root.
    return (reduction.registers[object_id]["node.parent"].order(), utf8_order(object_id))


def decide_fates(reduction):
    for object_id in reduction.present:
        reduction.fates[object_id] = fate_of(reduction, object_id)


def fate_of(reduction, object_id):
    way = reduction.way_up(object_id)
    top = reduction.parents[way[-1]]
    if any(reduction.value(member, "node.deleted") is True for member in way):
        return "deleted"
    if top != ROOT:
        return "pending"
    return "too-deep" if len(way) > MAX_DEPTH else VISIBLE


def apply_rules(reduction):
    visible = {object_id for object_id, fate in reduction.fates.items() if fate == VISIBLE}
    reduction.suspended = suspend(reduction, visible)
    for object_id in visible:
        if any(above in reduction.suspended for above in reduction.way_up(object_id)):
            reduction.fates[object_id] = SUSPENDED


def order_siblings(reduction):
    for object_id, fate in reduction.fates.items():
        if fate == VISIBLE:
            reduction.children.setdefault(reduction.parents[object_id], []).append(object_id)
    for siblings in reduction.children.values():
        siblings.sort(key=lambda object_id: sibling_order(reduction, object_id))


def sibling_order(reduction, object_id):
    order = reduction.value(object_id, "node.order")
    has_order = isinstance(order, str)
    return (has_order, utf8_order(order) if has_order else [], utf8_order(object_id))


def list_problems(reduction):
    """One for each cut edge, and one for each object below which all is hidden; never for what was deleted."""
    for object_id, fate in reduction.fates.items():
        above = reduction.parents[object_id]
        if object_id in reduction.cut and fate != "deleted":
            add_problem(reduction, "cycle", object_id, parent=reduction.written[object_id])
        if fate == "pending" and above not in reduction.present:
            hidden = count_alike(reduction, object_id)
            add_problem(reduction, "pending", object_id, parent=above, hidden=hidden)
        if fate == "too-deep" and reduction.fates[above] in (VISIBLE, SUSPENDED):
            add_problem(reduction, "too-deep", object_id, hidden=count_alike(reduction, object_id))
        if object_id in reduction.suspended and reduction.fates.get(above) != SUSPENDED:
            rule, clashes = reduction.suspended[object_id]
            hidden = count_alike(reduction, object_id)
            add_problem(reduction, "rule", object_id, rule=rule, clashes=clashes, hidden=hidden)
    reduction.problems.sort(key=lambda problem: (utf8_order(problem["object"]), problem["reason"]))


def add_problem(reduction, reason, object_id, **more):
    reduction.problems.append({"reason": reason, "object": object_id, **more})


def count_alike(reduction, top):
    """The object and those below it that are hidden for the same reason."""
    fate = reduction.fates[top]
    return sum(
        other == fate and is_at_or_below(object_id, top, reduction.parents)
        for object_id, other in reduction.fates.items()
    )


def is_at_or_below(object_id, top, parents):
    while object_id is not None and object_id != top:
        object_id = parents.get(object_id)
    return object_id == top


STEPS = [find_present, read_edges, cut_cycles, decide_fates, apply_rules, order_siblings, list_problems]
