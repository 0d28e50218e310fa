import type { ComponentMap, ComponentName } from '../components/registry.ts';
import { readComponent } from '../components/validate.ts';
import { componentOf, type ObjectId, type Path, propertyOf } from '../ids.ts';
import type { Value } from '../value/value.ts';
import type { Registers } from './facts.ts';
import type { Mat4, Pose } from './pose.ts';

type Properties = Readonly<Record<string, Value>>;

/**
 * A visible object as it was at one moment: frozen, and the same instance until something of it changes. What is typed
 * (`transform`, `mesh`, ...) has defaults in place of what is absent or does not fit its schema; `component` and `get`
 * give what is written.
 */
export class SceneObject {
  readonly id: ObjectId;
  /** Where it hangs: as written, or `root` if its edge closed a cycle. */
  readonly parent: ObjectId;
  /** Its visible children in order. */
  readonly children: readonly ObjectId[];
  readonly #paths: readonly Path[];
  readonly #values: readonly Value[];
  readonly #pose: Pose;
  // Made when first needed: most snapshots of a large world are only looked at.
  #components: Map<string, Properties> | null = null;
  #typed: Map<string, unknown> | null = null;

  constructor(
    id: ObjectId,
    place: { readonly parent: ObjectId; readonly children: readonly ObjectId[]; readonly pose: Pose },
    registers: Registers,
  ) {
    this.id = id;
    this.parent = place.parent;
    this.children = place.children;
    this.#pose = place.pose;
    const paths: Path[] = [];
    const values: Value[] = [];
    for (const [path, { value }] of registers) {
      if (value === null) continue;
      paths.push(path);
      values.push(value);
    }
    this.#paths = paths;
    this.#values = values;
    Object.freeze(this);
  }

  /** From the object to the world: sixteen numbers, column-major, metres. Copy it before changing it. */
  get worldMatrix(): Mat4 {
    return this.#pose.matrix;
  }

  /** The components that hold at least one property. */
  get componentNames(): readonly string[] {
    return [...new Set(this.#paths.map(componentOf))];
  }

  /** One property as written; `undefined` where there is none. */
  get(path: Path): Value | undefined {
    const at = this.#paths.indexOf(path);
    return at < 0 ? undefined : this.#values[at];
  }

  /** The properties of one component as written, frozen; `undefined` where there are none. */
  component(name: string): Properties | undefined {
    const known = this.#components?.get(name);
    if (known !== undefined) return known;
    const properties: Record<string, Value> = Object.create(null);
    this.#paths.forEach((path, at) => {
      const value = this.#values[at];
      if (componentOf(path) === name && value !== undefined) properties[propertyOf(path)] = value;
    });
    if (Object.keys(properties).length === 0) return undefined;
    this.#components ??= new Map();
    this.#components.set(name, Object.freeze(properties));
    return properties;
  }

  /** Every property as written. */
  *entries(): Generator<readonly [Path, Value]> {
    for (const [at, path] of this.#paths.entries()) {
      const value = this.#values[at];
      if (value !== undefined) yield [path, value];
    }
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
  get text(): ComponentMap['text'] | undefined {
    return this.#read('text');
  }
  get image(): ComponentMap['image'] | undefined {
    return this.#read('image');
  }
  get video(): ComponentMap['video'] | undefined {
    return this.#read('video');
  }
  get sky(): ComponentMap['sky'] | undefined {
    return this.#read('sky');
  }
  get audio(): ComponentMap['audio'] | undefined {
    return this.#read('audio');
  }
  get portal(): ComponentMap['portal'] | undefined {
    return this.#read('portal');
  }
  get spawn(): ComponentMap['spawn'] | undefined {
    return this.#read('spawn');
  }
  get seat(): ComponentMap['seat'] | undefined {
    return this.#read('seat');
  }
  get interact(): ComponentMap['interact'] | undefined {
    return this.#read('interact');
  }
  get physics(): ComponentMap['physics'] | undefined {
    return this.#read('physics');
  }
  get link(): ComponentMap['link'] | undefined {
    return this.#read('link');
  }
  get document(): ComponentMap['document'] | undefined {
    return this.#read('document');
  }

  #read<Name extends ComponentName>(name: Name): ComponentMap[Name] | undefined {
    const written = this.component(name);
    if (written === undefined) return undefined;
    const known = this.#typed?.get(name);
    // Filled by the line below only, under the same name.
    if (known !== undefined) return known as ComponentMap[Name];
    const read = readComponent(name, written);
    this.#typed ??= new Map();
    this.#typed.set(name, read);
    return read;
  }
}
