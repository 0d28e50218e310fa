import {
  type ComponentMap,
  type ComponentName,
  type ObjectId,
  readComponent,
  type SceneObject,
  type Value,
} from '@weft/core';

type Properties = Readonly<Record<string, Value>>;
type Typed = 'node' | 'transform' | 'mesh' | 'primitive' | 'material' | 'light' | 'link' | 'portal' | 'spawn';

/** What an export reads of an object. */
export type ExportedObject = Pick<
  SceneObject,
  'id' | 'parent' | 'worldMatrix' | 'componentNames' | 'component' | Typed
>;

/** An object in what a thread can be sent. */
export interface ObjectCopy {
  readonly id: ObjectId;
  readonly parent: ObjectId;
  /** Of objects that are written where they are in the world; none of others, which costs nothing. */
  readonly worldMatrix: readonly number[];
  readonly components: Readonly<Record<string, Properties>>;
}

/** @param placed those that are written where they are in the world */
export function copyOf(object: ExportedObject, placed: ReadonlySet<ObjectId>): ObjectCopy {
  const { id, parent } = object;
  const components = object.componentNames.map((name) => [name, propertiesOf(object, name)] as const);
  return {
    ...{ id, parent, components: Object.fromEntries(components) },
    worldMatrix: placed.has(id) ? [...object.worldMatrix] : [],
  };
}

// What a document holds is no part of a model; that there is one is told.
function propertiesOf(object: ExportedObject, name: string): Properties {
  return name === 'document' ? {} : { ...object.component(name) };
}

/** The object that was copied, as an export reads it. */
export class CopiedObject implements ExportedObject {
  readonly id: ObjectId;
  readonly parent: ObjectId;
  readonly worldMatrix: readonly number[];
  readonly #components: ReadonlyMap<string, Properties>;

  constructor({ id, parent, worldMatrix, components }: ObjectCopy) {
    this.id = id;
    this.parent = parent;
    this.worldMatrix = worldMatrix;
    this.#components = new Map(Object.entries(components));
  }

  get componentNames(): readonly string[] {
    return [...this.#components.keys()];
  }

  component(name: string): Properties | undefined {
    return this.#components.get(name);
  }

  get node(): ComponentMap['node'] | undefined {
    return this.#read('node');
  }
  get transform(): ComponentMap['transform'] | undefined {
    return this.#read('transform');
  }
  get mesh(): ComponentMap['mesh'] | undefined {
    return this.#read('mesh');
  }
  get primitive(): ComponentMap['primitive'] | undefined {
    return this.#read('primitive');
  }
  get material(): ComponentMap['material'] | undefined {
    return this.#read('material');
  }
  get light(): ComponentMap['light'] | undefined {
    return this.#read('light');
  }
  get link(): ComponentMap['link'] | undefined {
    return this.#read('link');
  }
  get portal(): ComponentMap['portal'] | undefined {
    return this.#read('portal');
  }
  get spawn(): ComponentMap['spawn'] | undefined {
    return this.#read('spawn');
  }

  #read<Name extends ComponentName>(name: Name): ComponentMap[Name] | undefined {
    const written = this.#components.get(name);
    return written === undefined ? undefined : readComponent(name, written);
  }
}
