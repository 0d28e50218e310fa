import { compile, type Options } from 'css-select';
import { isComponentName, isObjectId, type ObjectId, pathOf, ROOT } from '../ids.ts';
import { KIND_PATH, TAGS_PATH } from '../scene/facts.ts';
import type { Scene } from '../scene/scene.ts';
import { canonicalJson } from '../value/canonical.ts';
import { isList, type Value } from '../value/value.ts';
import { type CheckedSelector, TAG_PSEUDO } from './check-selector.ts';
import type { Fuel } from './fuel.ts';
import { TEXT_PATHS } from './text-search.ts';

const TEXT_COST_CHARACTERS = 64;

/** A test of one object by css-select; whatever it looks at costs fuel, so that no selector runs for long. */
export function compileSelector(
  scene: Scene,
  { tokens }: CheckedSelector,
  fuel: Fuel,
): (id: ObjectId) => boolean {
  return compile<ObjectId, ObjectId>(tokens(), {
    adapter: adapterOf(scene, fuel),
    xmlMode: true,
    // The scene changes between two tests of a live query.
    cacheResults: false,
    relativeSelector: true,
    pseudos: {
      [TAG_PSEUDO]: (id: ObjectId, tag?: string | null) => {
        fuel.spend(1);
        const tags = scene.valueAt(id, TAGS_PATH) ?? null;
        return isList(tags) && tags.includes(tag ?? '');
      },
    },
  });
}

function adapterOf(scene: Scene, fuel: Fuel): NonNullable<Options<ObjectId, ObjectId>['adapter']> {
  const listed = (ids: readonly ObjectId[]) => {
    fuel.spend(1 + ids.length);
    return [...ids];
  };
  const attribute = (id: ObjectId, name: string) => {
    fuel.spend(1);
    return attributeOf(scene, id, name);
  };
  return {
    isTag: (node): node is ObjectId => node !== ROOT && isObjectId(node),
    getAttributeValue: attribute,
    hasAttrib: (id, name) => attribute(id, name) !== undefined,
    getChildren: (id) => listed(scene.children(id)),
    getSiblings: (id) => listed(scene.children(scene.parent(id) ?? ROOT)),
    getName: (id) => {
      fuel.spend(1);
      return textOf(scene.valueAt(id, KIND_PATH));
    },
    getParent: (id) => {
      fuel.spend(1);
      const parent = scene.parent(id);
      return parent === undefined || parent === ROOT ? null : parent;
    },
    getText: (id) => {
      const text = TEXT_PATHS.map((path) => textOf(scene.valueAt(id, path))).join(' ');
      fuel.spend(TEXT_PATHS.length + text.length / TEXT_COST_CHARACTERS);
      return text;
    },
    removeSubsets: (ids) => ids,
  };
}

/** What `[name]` compares: texts as they are, lists of texts as words, the rest as JSON; `undefined` where nothing is. */
function attributeOf(scene: Scene, id: ObjectId, name: string): string | undefined {
  if (name === 'id') return id;
  const dot = name.indexOf('.');
  if (dot < 0) return isComponentName(name) && scene.lookup('component', name).has(id) ? '' : undefined;
  const path = pathOf(name.slice(0, dot), name.slice(dot + 1));
  const value = path === undefined ? undefined : scene.valueAt(id, path);
  return value === undefined ? undefined : attributeText(value);
}

function attributeText(value: Value): string {
  if (typeof value === 'string') return value;
  if (isList(value) && value.every((item) => typeof item === 'string')) return value.join(' ');
  return canonicalJson(value);
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
