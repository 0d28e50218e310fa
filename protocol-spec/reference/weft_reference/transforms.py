"""Where visible objects are: column-major 4x4 matrices in metres (reduction.md, Transforms)."""

import math

from .names import ROOT

IDENTITY = [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]
MAX_COORDINATE_METRES = 10_000_000
MAX_SCALE = 1_000_000


def world_matrix(reduction, object_id):
    """Each operation in the order of the page, each rounded by itself: rules ask whether a number is within bounds."""
    if object_id == ROOT:
        return IDENTITY
    above = world_matrix(reduction, reduction.parents[object_id])
    if all(reduction.value(object_id, f"transform.{name}") is None for name in ("position", "rotation", "scale")):
        return above
    local = local_matrix(reduction, object_id)
    return local if above is IDENTITY else product(above, local)


def local_matrix(reduction, object_id):
    scale = read(reduction, object_id, "scale", [1.0, 1.0, 1.0], MAX_SCALE)
    x, y, z, w = unit(read(reduction, object_id, "rotation", [0.0, 0.0, 0.0, 1.0], 1))
    xx, yy, zz = x * (x + x), y * (y + y), z * (z + z)
    xy, xz, yz = x * (y + y), x * (z + z), y * (z + z)
    wx, wy, wz = w * (x + x), w * (y + y), w * (z + z)
    columns = [
        [1 - (yy + zz), xy + wz, xz - wy],
        [xy - wz, 1 - (xx + zz), yz + wx],
        [xz + wy, yz - wx, 1 - (xx + yy)],
    ]
    matrix = []
    for column, factor in zip(columns, scale, strict=True):
        matrix += [part * factor for part in column] + [0.0]
    return [*matrix, *position_of(reduction, object_id), 1.0]


def position_of(reduction, object_id):
    return read(reduction, object_id, "position", [0.0, 0.0, 0.0], MAX_COORDINATE_METRES)


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
    x, y, z, w = quaternion
    square = x * x + y * y + z * z + w * w
    if square == 0:
        return [0.0, 0.0, 0.0, 1.0]
    factor = 1 / math.sqrt(square)
    return [part * factor for part in quaternion]


def product(a, b):
    # Not sum(), which some versions of Python compensate.
    return [
        a[row] * b[column]
        + a[4 + row] * b[column + 1]
        + a[8 + row] * b[column + 2]
        + a[12 + row] * b[column + 3]
        for column in (0, 4, 8, 12)
        for row in range(4)
    ]
