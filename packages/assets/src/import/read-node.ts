import type { Mesh } from '@gltf-transform/core';
import type { ComponentWrites, Value } from '@weft/core';
import { readOmi, UNDERSTOOD } from '../interop/omi.ts';
import {
  FOREIGN_COMPONENT,
  OWN_EXTRAS,
  type OwnExtras,
  readOwnExtras,
  recordOf,
  storable,
} from '../interop/own-extras.ts';
import { PUNCTUAL_LIGHTS, readPunctualLight } from '../interop/punctual-light.ts';
import type { ModelNode } from './model-tree.ts';

/** What a node becomes. */
export interface ReadNode {
  readonly components: ComponentWrites;
  /** An export wrote it for an object that shows a model of several nodes. */
  readonly isModel: boolean;
  /** Whether its mesh is to be shown: that of an untouched primitive comes back as the primitive. */
  readonly showsMesh: boolean;
}

/** As `node.name` has it. */
const MAX_NAME_CHARACTERS = 200;
/** Handled elsewhere, or without meaning for an object of its own. */
const NOT_FOREIGN: ReadonlySet<string> = new Set([...UNDERSTOOD, PUNCTUAL_LIGHTS, 'EXT_mesh_gpu_instancing']);

export function readNode(
  { node, extras, extensions }: ModelNode,
  lights: readonly unknown[],
  tell: (note: string) => void,
): ReadNode {
  const called = node.getName();
  const here = (note: string) => tell(`${called === '' ? 'A node' : `“${called.slice(0, 40)}”`}: ${note}.`);
  const own = readOwnExtras(extras, here);
  const mesh = node.getMesh();
  const isPrimitive = own?.components.primitive !== undefined && mesh !== null && isUntouched(mesh, own);
  const { primitive: _, material: __, ...others } = own?.components ?? {};
  const name = nameOf(called);
  if (name !== called) here('its name is cut, or freed of what names cannot hold');
  const components: ComponentWrites = {
    ...readOmi(extensions),
    ...readLight(extensions, lights),
    ...foreign(extras, extensions, here),
    ...(mesh !== null && !isPrimitive ? others : own?.components),
    node: { ...own?.components.node, ...(name === '' ? {} : { name }) },
    ...transformOf(node),
  };
  return { components, isModel: own?.isModel === true, showsMesh: mesh !== null && !isPrimitive };
}

function readLight(extensions: ModelNode['extensions'], lights: readonly unknown[]): ComponentWrites {
  const at = recordOf(extensions[PUNCTUAL_LIGHTS])?.light;
  const light = typeof at === 'number' ? readPunctualLight(lights[at]) : null;
  return light === null ? {} : { light };
}

/** Extras and extensions of others, as far as a register holds them. */
function foreign(
  extras: unknown,
  extensions: ModelNode['extensions'],
  here: (note: string) => void,
): ComponentWrites {
  const properties: Record<string, Value> = {};
  const { [OWN_EXTRAS]: _, ...others } = recordOf(extras) ?? {};
  const unknown = Object.entries(extensions).filter(([name]) => !NOT_FOREIGN.has(name));
  const parts = { extras: others, extensions: Object.fromEntries(unknown) };
  for (const [name, part] of Object.entries(parts)) {
    if (Object.keys(part).length === 0) continue;
    const value = storable(part);
    if (value === null) here(`its ${name} are left out: no value of a world holds them`);
    else properties[name] = value;
  }
  return Object.keys(properties).length === 0 ? {} : { [FOREIGN_COMPONENT]: properties };
}

function transformOf(node: ModelNode['node']): ComponentWrites {
  const [position, rotation, scale] = [node.getTranslation(), unit(node.getRotation()), node.getScale()];
  const isIdentity = [...position, ...rotation, ...scale].every((value, at) => value === IDENTITY[at]);
  return isIdentity ? {} : { transform: { position, rotation, scale } };
}

const IDENTITY = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1];

function unit([x, y, z, w]: readonly [number, number, number, number]): [number, number, number, number] {
  const length = Math.hypot(x, y, z, w);
  if (length === 0) return [0, 0, 0, 1];
  // What is a unit up to the last digits stays as it was written.
  const by = Math.abs(length - 1) < 1e-9 ? 1 : length;
  const part = (value: number) => Math.min(1, Math.max(-1, value / by));
  return [part(x), part(y), part(z), part(w)];
}

function nameOf(text: string): string {
  return [...text.toWellFormed().replaceAll('\u0000', '')].slice(0, MAX_NAME_CHARACTERS).join('');
}

/** Whether the mesh still is the shape that an export wrote. */
function isUntouched(mesh: Mesh, { shapeVertices }: OwnExtras): boolean {
  const [primitive, ...more] = mesh.listPrimitives();
  return more.length === 0 && primitive?.getAttribute('POSITION')?.getCount() === shapeVertices;
}
