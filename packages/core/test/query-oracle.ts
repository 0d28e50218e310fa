import { expect } from 'vitest';
import {
  type Box,
  canonicalJson,
  compareUtf8,
  type Filter,
  isList,
  type ObjectId,
  type ObjectQuery,
  parsePath,
  ROOT,
  type Scene,
  type SceneObject,
  type Value,
  type Within,
} from '../src/index.ts';
import { ancestors, type Complex, selects } from './random-selector.ts';

/** A query whose selector is data. */
export type OracleQuery = Omit<ObjectQuery, 'select'> & { readonly selector?: readonly Complex[] };

interface Found {
  readonly id: ObjectId;
  readonly key: readonly Value[];
}

/** The query as it reads: every object, one after another, with no index and none of the library's code. */
export function bruteForce(scene: Scene, what: OracleQuery): readonly ObjectId[] {
  const found: Found[] = [];
  for (const id of scene.ids()) {
    const object = scene.get(id);
    if (object === undefined || !matches(scene, object, what)) continue;
    const key = keyOf(scene, object, what);
    if (key !== null) found.push({ id, key });
  }
  const directions = Object.values(what.sort ?? {});
  found.sort((a, b) => compareFound(a, b, directions));
  const { within } = what;
  const most = Math.min(
    what.nearest?.k ?? Number.POSITIVE_INFINITY,
    within !== undefined && 'ray' in within && within.ray.first === true ? 1 : Number.POSITIVE_INFINITY,
  );
  return found.slice(0, most).map(({ id }) => id);
}

function matches(scene: Scene, object: SceneObject, what: OracleQuery): boolean {
  const at = (path: string) => object.get(parsePath(path)) ?? null;
  const tags = at('node.tags');
  return (
    (what.kind === undefined || at('node.kind') === what.kind) &&
    (what.name === undefined || at('node.name') === what.name) &&
    (what.tag === undefined || (isList(tags) && tags.includes(what.tag))) &&
    (what.parent === undefined || object.parent === what.parent) &&
    (what.component === undefined || object.component(what.component) !== undefined) &&
    (what.descendantsOf === undefined || isBelow(scene, object.id, what.descendantsOf)) &&
    (what.where === undefined || passes((path) => valueAt(object, path), what.where)) &&
    (what.text === undefined || hasWords(object, what.text)) &&
    (what.within === undefined || isWithin(scene, object, what.within)) &&
    (what.selector === undefined || selects(scene, object.id, what.selector))
  );
}

function isBelow(scene: Scene, id: ObjectId, top: string): boolean {
  return top === ROOT || ancestors(scene, id).some((up) => up === top);
}

function valueAt(object: SceneObject, path: string): Value {
  const [component = '', property = '', ...steps] = path.split('.');
  let value: Value = object.get(parsePath(`${component}.${property}`)) ?? null;
  for (const step of steps) {
    const members: Readonly<Record<string, Value>> = typeof value === 'object' ? Object(value) : {};
    value = (isList(value) ? value[Number(step)] : members[step]) ?? null;
  }
  return value;
}

function passes(read: (path: string) => Value, filter: Filter): boolean {
  return Object.entries(filter).every(([name, condition]) => {
    const parts: readonly Filter[] = Array.isArray(condition) ? condition : [];
    if (name === '$and') return parts.every((part) => passes(read, part));
    if (name === '$or') return parts.some((part) => passes(read, part));
    if (name === '$nor') return !parts.some((part) => passes(read, part));
    return holds(read(name), condition);
  });
}

function holds(value: Value, condition: unknown): boolean {
  const operators = Object.entries(Object(condition));
  if (!isRecord(condition) || !operators.some(([name]) => name.startsWith('$')))
    return equal(value, condition);
  return operators.every(([name, operand]) => operatorHolds(name, value, operand));
}

function operatorHolds(name: string, value: Value, operand: unknown): boolean {
  const list: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const items: readonly Value[] = isList(value) ? value : [value];
  const compare = (test: (order: number) => boolean) => items.some((item) => isOrdered(item, operand, test));
  switch (name) {
    case '$eq':
      return equal(value, operand);
    case '$ne':
      return !equal(value, operand);
    case '$gt':
      return compare((order) => order > 0);
    case '$gte':
      return compare((order) => order >= 0);
    case '$lt':
      return compare((order) => order < 0);
    case '$lte':
      return compare((order) => order <= 0);
    case '$in':
      return list.some((option) => equal(value, option));
    case '$nin':
      return !list.some((option) => equal(value, option));
    case '$exists':
      return (value !== null) === operand;
    case '$size':
      return isList(value) && value.length === operand;
    case '$all':
      return isList(value) && list.every((option) => value.some((item) => same(item, option)));
    case '$prefix':
      return items.some((item) => typeof item === 'string' && item.startsWith(String(operand)));
    case '$contains':
      return items.some((item) => typeof item === 'string' && item.includes(String(operand)));
    case '$not':
      return !holds(value, operand);
    case '$elemMatch':
      return isList(value) && value.some((item) => itemHolds(item, operand));
    default:
      throw new TypeError(`The oracle does not know ${name}`);
  }
}

function itemHolds(item: Value, operand: unknown): boolean {
  const names = Object.keys(Object(operand));
  if (names.every((name) => name.startsWith('$')) && names.length > 0) return holds(item, operand);
  const members: Readonly<Record<string, Value>> = Object(item);
  const isPlain = typeof item === 'object' && item !== null && !isList(item);
  return isPlain && passes((name) => members[name] ?? null, Object(operand));
}

function equal(value: Value, operand: unknown): boolean {
  return same(value, operand) || (isList(value) && value.some((item) => same(item, operand)));
}

function same(value: Value, operand: unknown): boolean {
  const other: Value = JSON.parse(JSON.stringify(operand ?? null));
  return canonicalJson(value) === canonicalJson(other);
}

function isOrdered(item: Value, operand: unknown, test: (order: number) => boolean): boolean {
  if (typeof item === 'number' && typeof operand === 'number') return test(item - operand);
  return typeof item === 'string' && typeof operand === 'string' && test(compareUtf8(item, operand));
}

function isRecord(input: unknown): boolean {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function hasWords(object: SceneObject, text: string): boolean {
  const plain = (words: string) => words.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const texts = ['node.name', 'text.value', 'portal.label', 'link.label']
    .map((path) => object.get(parsePath(path)))
    .filter((value) => typeof value === 'string')
    .map(plain);
  return plain(text)
    .split(/\s+/u)
    .filter(Boolean)
    .every((word) => texts.some((held) => held.includes(word)));
}

/**
 * Fails unless each box is the one that follows from what its object says. Apart from rounding, which is why the rest of
 * the oracle takes the scene's boxes: which of two is nearer may hang on it.
 */
export function expectBoxes(scene: Scene): void {
  for (const id of scene.ids()) {
    const object = scene.get(id);
    const [found, expected] = [scene.box(id), object === undefined ? null : boxOf(object)];
    expect(found === null).toBe(expected === null);
    for (const [side, metres] of (expected ?? []).entries())
      expect(Math.abs((found?.[side] ?? Number.NaN) - metres)).toBeLessThanOrEqual(
        1e-9 * (1 + Math.abs(metres)),
      );
  }
}

/** The box round the eight corners of what the object's components say, in the world. */
function boxOf(object: SceneObject): Box | null {
  const corners = cornersOf(object);
  const m = object.worldMatrix;
  const at = (row: number, [x = 0, y = 0, z = 0]: readonly number[]) =>
    (m[row] ?? 0) * x + (m[4 + row] ?? 0) * y + (m[8 + row] ?? 0) * z + (m[12 + row] ?? 0);
  const axis = (row: number) => corners.map((corner) => at(row, corner));
  const [x, y, z] = [axis(0), axis(1), axis(2)];
  const box: Box = [
    Math.min(...x),
    Math.min(...y),
    Math.min(...z),
    Math.max(...x),
    Math.max(...y),
    Math.max(...z),
  ];
  return box.every(Number.isFinite) ? box : null;
}

function cornersOf({ mesh, primitive }: SceneObject): readonly (readonly number[])[] {
  const corners: (readonly number[])[] = [];
  const add = (min: readonly number[], max: readonly number[]) => {
    for (let at = 0; at < 8; at++)
      corners.push([0, 1, 2].map((axis) => ((at >> axis) % 2 === 0 ? (min[axis] ?? 0) : (max[axis] ?? 0))));
  };
  if (mesh?.bounds !== undefined) add(mesh.bounds.min, mesh.bounds.max);
  if (primitive !== undefined) {
    const half = primitive.size.map((size, axis) =>
      primitive.shape === 'plane' && axis === 1 ? 0 : size / 2,
    );
    add(
      half.map((size) => -size),
      half,
    );
  }
  return corners.length === 0 ? [[0, 0, 0]] : corners;
}

function isWithin(scene: Scene, object: SceneObject, within: Within): boolean {
  const box = scene.box(object.id);
  if (box === null) return false;
  if ('sphere' in within) return distanceTo(box, within.sphere.center) <= within.sphere.radius;
  if ('ray' in within) return rayDistance(box, within.ray) !== null;
  if ('box' in within) {
    const { min, max } = within.box;
    return [0, 1, 2].every((axis) => {
      const [low, high] = [
        Math.min(min[axis] ?? 0, max[axis] ?? 0),
        Math.max(min[axis] ?? 0, max[axis] ?? 0),
      ];
      return (box[axis] ?? 0) <= high && (box[axis + 3] ?? 0) >= low;
    });
  }
  const { frustum } = within;
  if (!('planes' in frustum)) throw new TypeError('The oracle knows planes only');
  return frustum.planes.every(([a, b, c, d]) =>
    [0, 1, 2, 3, 4, 5, 6, 7].some((at) => {
      const corner = (axis: number) => box[(at >> axis) % 2 === 0 ? axis : axis + 3] ?? 0;
      return a * corner(0) + b * corner(1) + c * corner(2) + d >= 0;
    }),
  );
}

function distanceTo(box: Box, center: readonly number[]): number {
  const off = (axis: number) => {
    const at = center[axis] ?? 0;
    return at - Math.min(Math.max(at, box[axis] ?? 0), box[axis + 3] ?? 0);
  };
  return Math.sqrt(off(0) ** 2 + off(1) ** 2 + off(2) ** 2);
}

function rayDistance(box: Box, ray: Extract<Within, { ray: unknown }>['ray']): number | null {
  const length = Math.hypot(...ray.direction);
  let [near, far] = [0, ray.maxDistance ?? Number.POSITIVE_INFINITY];
  for (const axis of [0, 1, 2] as const) {
    const [origin, slope] = [ray.origin[axis], ray.direction[axis] / length];
    const [low, high] = [box[axis], box[axis + 3] ?? 0];
    if (slope === 0 && (origin < low || origin > high)) return null;
    if (slope === 0) continue;
    const hits = [(low - origin) / slope, (high - origin) / slope];
    near = Math.max(near, Math.min(...hits));
    far = Math.min(far, Math.max(...hits));
  }
  return near <= far ? near : null;
}

function keyOf(
  scene: Scene,
  object: SceneObject,
  { nearest, within, sort }: OracleQuery,
): readonly Value[] | null {
  if (within !== undefined && 'ray' in within) {
    const box = scene.box(object.id);
    return box === null ? null : [rayDistance(box, within.ray)];
  }
  if (nearest === undefined) return Object.keys(sort ?? {}).map((path) => valueAt(object, path));
  const box = scene.box(object.id);
  const distance = box === null ? Number.POSITIVE_INFINITY : distanceTo(box, nearest.to);
  return Number.isFinite(distance) ? [distance] : null;
}

function compareFound(a: Found, b: Found, directions: readonly number[]): number {
  for (const [at, value] of a.key.entries()) {
    const order = compareMixed(value, b.key[at] ?? null) * (directions[at] ?? 1);
    if (order !== 0) return order;
  }
  return compareUtf8(a.id, b.id);
}

const TYPES = ['boolean', 'number', 'string', 'object'];

function compareMixed(a: Value, b: Value): number {
  const rank = (value: Value) => (value === null ? -1 : TYPES.indexOf(typeof value));
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareUtf8(a, b);
  return compareUtf8(canonicalJson(a), canonicalJson(b));
}
