import type { Document, Node } from '@gltf-transform/core';
import { recordOf } from '../interop/own-extras.ts';
import type { Bond } from './bound-nodes.ts';

/** A node of the default scene, with what only the text of the file says of it. */
export interface ModelNode {
  /** Index of the file. */
  readonly at: number;
  readonly parent: number | null;
  readonly children: readonly number[];
  readonly depth: number;
  readonly node: Node;
  readonly extras: unknown;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface ModelTree {
  /** By index of the file; none for nodes outside the default scene. */
  readonly nodes: ReadonlyMap<number, ModelNode>;
  readonly tops: readonly number[];
  /** What hangs together by skins and animations. */
  readonly bonds: readonly Bond[];
  /** Nodes whose own transform an animation changes. */
  readonly moved: ReadonlySet<number>;
  /** The lights of KHR_lights_punctual. */
  readonly lights: readonly unknown[];
}

const NO_PARENT: number | null = null;

/** Reads the tree of a model that has been through `checkGlb`: it ends, and each node has one parent. */
export function readTree(document: Document, json: unknown): ModelTree {
  const root = document.getRoot();
  const places = new Map(root.listNodes().map((node, at) => [node, at] as const));
  const texts = listIn(json, 'nodes');
  const scene = root.getDefaultScene() ?? root.listScenes()[0];
  const indexesOf = (some: readonly Node[]) => some.flatMap((node) => places.get(node) ?? []);
  const tops = indexesOf(scene?.listChildren() ?? []);
  const nodes = new Map<number, ModelNode>();
  const all = root.listNodes();
  const waiting = tops.map((at) => ({ at, parent: NO_PARENT, depth: 1 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, parent, depth } = next;
    const node = all[at];
    if (node === undefined) continue;
    const children = indexesOf(node.listChildren());
    const text = recordOf(texts[at]) ?? {};
    const extensions = recordOf(text.extensions) ?? {};
    nodes.set(at, { at, parent, children, depth, node, extras: text.extras, extensions });
    for (const child of [...children].reverse()) waiting.push({ at: child, parent: at, depth: depth + 1 });
  }
  const moved = new Set<number>();
  const bonds: Bond[] = [];
  for (const animation of root.listAnimations()) {
    const targets = indexesOf(animation.listChannels().flatMap((channel) => channel.getTargetNode() ?? []));
    for (const target of targets) moved.add(target);
    bonds.push(targets);
  }
  for (const { at, node, extensions } of nodes.values()) {
    const skin = node.getSkin();
    if (skin !== null) bonds.push([at, ...indexesOf(skin.listJoints())]);
    // Instances of a mesh, and the weights of this one's shape, are no object's.
    if (extensions.EXT_mesh_gpu_instancing !== undefined || node.getWeights().length > 0) bonds.push([at]);
  }
  const known = bonds.map((bond) => bond.filter((at) => nodes.has(at)));
  return { nodes, tops, bonds: known, moved, lights: lightsIn(json) };
}

function lightsIn(json: unknown): readonly unknown[] {
  const extensions = recordOf(recordOf(json)?.extensions);
  return listIn(extensions?.KHR_lights_punctual, 'lights');
}

function listIn(holder: unknown, name: string): readonly unknown[] {
  const list: unknown = recordOf(holder)?.[name];
  return Array.isArray(list) ? list : [];
}
