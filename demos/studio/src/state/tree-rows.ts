import { type ObjectId, ROOT, type SceneObject } from '@weft/core';

/** What the outline needs of a scene. */
export interface TreeSource {
  get(id: ObjectId): SceneObject | undefined;
  children(id: ObjectId): readonly ObjectId[];
}

/** One line of the outline. */
export interface TreeRow {
  readonly id: ObjectId;
  readonly name: string;
  readonly kind: ObjectKind;
  /** 0 for what hangs from the root. */
  readonly depth: number;
  readonly children: number;
  readonly open: boolean;
  /** Place among its siblings from 1, and how many they are: for screen readers. */
  readonly place: number;
  readonly siblings: number;
}

export type ObjectKind =
  | 'group'
  | 'primitive'
  | 'mesh'
  | 'light'
  | 'text'
  | 'image'
  | 'sky'
  | 'spawn'
  | 'other';

const KINDS = ['mesh', 'primitive', 'light', 'text', 'image', 'sky', 'spawn'] as const;
const BARE_COMPONENTS = new Set(['node', 'transform']);
const MAX_ROWS = 20_000;

export function kindOf(object: SceneObject): ObjectKind {
  const known = KINDS.find((kind) => object.component(kind) !== undefined);
  if (known !== undefined) return known;
  return [...object.componentNames].every((name) => BARE_COMPONENTS.has(name)) ? 'group' : 'other';
}

/** What to call an object that nobody has named. */
export function nameOf(object: SceneObject): string {
  const name = object.node?.name ?? '';
  if (name.trim() !== '') return name;
  const kind = kindOf(object);
  return kind === 'primitive' ? (object.primitive?.shape ?? 'box') : kind;
}

/**
 * The lines to show: what is open, or, while searching, every match with its ancestors. Walks only what is
 * shown, unless it searches.
 */
export function treeRows(
  source: TreeSource,
  open: ReadonlySet<ObjectId>,
  search: string,
): readonly TreeRow[] {
  const needle = search.trim().toLowerCase();
  const shown = needle === '' ? null : matching(source, needle);
  const rows: TreeRow[] = [];
  const walk = (parent: ObjectId, depth: number): void => {
    const ids = source.children(parent).filter((id) => shown === null || shown.has(id));
    for (const [at, id] of ids.entries()) {
      const object = source.get(id);
      if (object === undefined || rows.length >= MAX_ROWS) continue;
      const children = source.children(id).length;
      const isOpen = children > 0 && (shown !== null || open.has(id));
      const place = { place: at + 1, siblings: ids.length };
      rows.push({ id, name: nameOf(object), kind: kindOf(object), depth, children, open: isOpen, ...place });
      if (isOpen) walk(id, depth + 1);
    }
  };
  walk(ROOT, 0);
  return rows;
}

function matching(source: TreeSource, needle: string): ReadonlySet<ObjectId> {
  const shown = new Set<ObjectId>();
  const visit = (parent: ObjectId): boolean => {
    let any = false;
    for (const id of source.children(parent)) {
      const object = source.get(id);
      const below = visit(id);
      if (object === undefined || !(below || matches(object, needle))) continue;
      shown.add(id);
      any = true;
    }
    return any;
  };
  visit(ROOT);
  return shown;
}

function matches(object: SceneObject, needle: string): boolean {
  const { kind = '', tags = [] } = object.node ?? {};
  return [nameOf(object), kindOf(object), kind, object.id, ...tags].some((text) =>
    text.toLowerCase().includes(needle),
  );
}

/** The ids without those that have an ancestor among them: what to move or remove when several are selected. */
export function topmost(source: TreeSource, ids: readonly ObjectId[]): readonly ObjectId[] {
  const all = new Set(ids);
  return ids.filter((id) => !ancestorsOf(source, id).some((ancestor) => all.has(ancestor)));
}

/** From the parent up, without the root. */
export function ancestorsOf(source: Pick<TreeSource, 'get'>, id: ObjectId): readonly ObjectId[] {
  const ancestors: ObjectId[] = [];
  for (let at = source.get(id)?.parent; at !== undefined && at !== ROOT; at = source.get(at)?.parent) {
    ancestors.push(at);
  }
  return ancestors;
}
