import { COMPONENTS, type ComponentDefinition, fieldsOf, type SceneObject, type Value } from '@weft/core';
import type { IconName } from './icon.tsx';

const DEFINITIONS: readonly ComponentDefinition[] = Object.values(COMPONENTS);
// `node` says who and where the object is, so it stands last; its name has the head of the panel.
const ORDER = [...DEFINITIONS.map(({ name }) => name).filter((name) => name !== 'node')];
// A model comes with its file and its hash: it is added by dropping the file.
const NOT_ADDED = new Set(['node', 'transform', 'mesh', 'document']);

const ICONS: Readonly<Record<string, IconName>> = {
  primitive: 'primitive',
  light: 'light',
  text: 'text',
  image: 'image',
  sky: 'sky',
  spawn: 'spawn',
};

/** In the order to show them: built-in ones, then the world's own, then what the object says of itself. */
export function componentsOf(object: SceneObject): readonly string[] {
  const names = new Set(object.componentNames);
  const own = [...names].filter((name) => name !== 'node' && !ORDER.includes(name)).sort();
  return [...new Set(['transform', ...ORDER.filter((name) => names.has(name)), ...own, 'node'])];
}

export interface Addable {
  readonly name: string;
  readonly title: string;
  readonly icon: IconName;
  /** What is written so that the component exists: its first property that has a value to begin with. */
  readonly start: Readonly<Record<string, Value>>;
}

export function addableComponents(object: SceneObject): readonly Addable[] {
  const present = new Set(object.componentNames);
  return DEFINITIONS.filter(({ name }) => !present.has(name) && !NOT_ADDED.has(name)).map(
    ({ name, title }) => ({
      name,
      title,
      icon: ICONS[name] ?? 'other',
      start: startOf(name),
    }),
  );
}

function startOf(component: string): Readonly<Record<string, Value>> {
  const fields = fieldsOf(component).filter(({ readOnly }) => !readOnly);
  const first = fields.find(({ defaultValue }) => defaultValue !== null);
  if (first !== undefined) return { [first.property]: first.defaultValue };
  const text = fields.find(({ editor, property }) => editor === 'text' && property === 'label');
  return text === undefined ? {} : { [text.property]: '' };
}
