import { plainComponents, type Stage, type Value, worldPosition } from '@weft/core';
import type { ObjectId, SceneObject } from '@weft/world';
import { columns, type Json } from './output.ts';

/** What a tree is read from: a world, a file, a moment. */
export interface TreeView {
  get(id: ObjectId): SceneObject | undefined;
  children(id: ObjectId): readonly ObjectId[];
}

/** An object as JSON: its place in the tree, its stage, and what each component says. */
export function objectJson(object: SceneObject, stage: Stage): { readonly [key: string]: Json } {
  return {
    id: object.id,
    parent: object.parent,
    children: object.children,
    stage,
    worldPosition: shownPosition(object),
    components: plainComponents(object),
  };
}

/** An object for a person: a line with its name and place, then one line a property. */
export function objectText(object: SceneObject, stage: Stage): string {
  const rows: string[][] = [
    ['id', object.id],
    ['parent', object.parent],
    ['stage', stage],
  ];
  if (object.children.length > 0) rows.push(['children', object.children.join(' ')]);
  for (const [component, properties] of Object.entries(plainComponents(object))) {
    for (const [property, value] of Object.entries(properties)) {
      rows.push([`${component}.${property}`, valueText(value)]);
    }
  }
  return columns(rows);
}

/** One row of a list: name, short id, what it is, where it is. */
export function objectRow(object: SceneObject, shortCharacters: number, indent = ''): string[] {
  const name = object.node?.name ?? '';
  return [
    indent + (name === '' ? '(no name)' : oneLine(name)),
    object.id.slice(0, shortCharacters),
    object.componentNames.filter((component) => !EVERYWHERE.has(component)).join(' ') || '-',
    shownPosition(object).join(' '),
  ];
}

const EVERYWHERE = new Set(['node', 'transform']);

/** Rows of the tree below an object, parents before children, siblings in order. */
export function treeRows(world: TreeView, root: ObjectId, shortCharacters: number): string[][] {
  const rows: string[][] = [];
  const visit = (parent: ObjectId, above: string) => {
    const children = world.children(parent);
    for (const [at, id] of children.entries()) {
      const object = world.get(id);
      if (object === undefined) continue;
      const last = at === children.length - 1;
      rows.push(objectRow(object, shortCharacters, `${above}${last ? '└─ ' : '├─ '}`));
      visit(id, `${above}${last ? '   ' : '│  '}`);
    }
  };
  visit(root, '');
  return rows;
}

/** The objects below one, parents before children, siblings in order. */
export function* treeObjects(world: TreeView, root: ObjectId): Generator<SceneObject> {
  for (const id of world.children(root)) {
    const object = world.get(id);
    if (object === undefined) continue;
    yield object;
    yield* treeObjects(world, id);
  }
}

/** Text as it is, everything else as JSON. */
export function valueText(value: Value): string {
  return typeof value === 'string' ? oneLine(value) : JSON.stringify(value);
}

const DECIMALS = 3;

function shownPosition(object: SceneObject): number[] {
  return worldPosition(object).map((metres) => Number(metres.toFixed(DECIMALS)));
}

// Names come from strangers: a control character could move the cursor or colour what follows, a direction mark
// could make a line read backwards.
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text from a stranger on one line of a terminal. */
export function oneLine(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
