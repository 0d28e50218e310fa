import {
  type ComponentWrites,
  normaliseValue,
  pathOf,
  unknownProperty,
  type Value,
  validateComponent,
} from '@weft/core';

/** What a node of an exported world says of its object, beyond what glTF can: in `extras`, under this name. */
export const OWN_EXTRAS = 'weft';
/** The component that keeps what another program wrote on a node, so that an export gives it back. */
export const FOREIGN_COMPONENT = 'gltf:node';

/** The object of an exported node. */
export interface OwnExtras {
  /** What glTF has no words for, as it was written. */
  readonly components: ComponentWrites;
  /** What hangs from the node in the file is one model, not objects. */
  readonly isModel: boolean;
  /** How many vertices the shape of a primitive had when it was written: with others, somebody changed it since. */
  readonly shapeVertices: number | null;
}

/** Where an object stands, whose it is and when it was made is said by whoever takes it in. */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  ...['parent', 'order', 'name', 'deleted', 'owner', 'locked', 'created'].map(
    (property) => `node.${property}`,
  ),
]);
/** glTF says it, or it is no part of a file. */
const SAID_OTHERWISE: ReadonlySet<string> = new Set(['transform', 'document']);

export function isKept(component: string, property: string): boolean {
  return !SAID_OTHERWISE.has(component) && !NOT_TAKEN.has(`${component}.${property}`);
}

/** Reads what may be ours: somebody's program or hand may have written it. What does not fit is left out and told. */
export function readOwnExtras(extras: unknown, tell: (note: string) => void): OwnExtras | null {
  const own = recordOf(recordOf(extras)?.[OWN_EXTRAS]);
  if (own === null) return null;
  const components: Record<string, Record<string, Value>> = Object.create(null);
  for (const [component, properties] of Object.entries(recordOf(own.components) ?? {})) {
    for (const [property, input] of Object.entries(recordOf(properties) ?? {})) {
      const value = isKept(component, property) ? readValue(component, property, input) : null;
      if (value === null)
        tell(`extras.${OWN_EXTRAS} holds a ${component}.${property} that is none`.slice(0, 200));
      else components[component] = { ...components[component], [property]: value };
    }
  }
  const vertices = own.shapeVertices;
  return {
    components,
    isModel: own.isModel === true,
    shapeVertices: typeof vertices === 'number' && Number.isSafeInteger(vertices) ? vertices : null,
  };
}

function readValue(component: string, property: string, input: unknown): Value | null {
  if (pathOf(component, property) === undefined || unknownProperty(component, property) !== null) return null;
  const value = storable(input);
  return value === null || validateComponent(component, property, value) !== null ? null : value;
}

/** Foreign data as a value of a register; `null` where no register holds it. */
export function storable(input: unknown): Value | null {
  try {
    return normaliseValue(input, 'keep what a node holds');
  } catch {
    return null;
  }
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value));
}
