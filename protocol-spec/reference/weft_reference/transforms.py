"""Where visible objects are: column-major 4x4 matrices in metres (reduction.md, Transforms)."""

import math

from .names import ROOT

IDENTITY = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]
MAX_COORDINATE_METRES = 10_000_000
MAX_SCALE = 1_000_000


def world_matrix(reduction, object_id):
    if object_id == ROOT:
        return IDENTITY
    above = world_matrix(reduction, reduction.parents[object_id])
    return product(above, local_matrix(reduction, object_id))


def local_matrix(reduction, object_id):
    position = read(reduction, object_id, "position", [0, 0, 0], MAX_COORDINATE_METRES)
    scale = read(reduction, object_id, "scale", [1, 1, 1], MAX_SCALE)
    x, y, z, w = unit(read(reduction, object_id, "rotation", [0, 0, 0, 1], 1))
    columns = [
        [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
        [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
        [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
    ]
    matrix = []
    for column, factor in zip(columns, scale):
        matrix += [part * factor for part in column] + [0.0]
    return [*matrix, *position, 1.0]


def read(reduction, object_id, name, default, bound):
    """The value as written, or the default where it is absent or does not fit its schema."""
    value = reduction.value(object_id, f"transform.{name}")
    fits = (
        isinstance(value, list)
        and len(value) == len(default)
        and all(isinstance(part, float) and abs(part) <= bound for part in value)
    )
    return value if fits else default


def unit(quaternion):
    length = math.sqrt(sum(part * part for part in quaternion))
    return [part / length for part in quaternion] if length > 0 else [0, 0, 0, 1]


def product(a, b):
    return [
        sum(a[4 * step + row] * b[4 * column + step] for step in range(4))
        for column in range(4)
        for row in range(4)
    ]
