import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Sha256 } from '../binary/native-decoding.ts';
import type { Scene } from '../scene/scene.ts';
import type { SceneObject } from '../scene/scene-object.ts';
import { canonicalJson } from '../value/canonical.ts';
import type { Value } from '../value/value.ts';
import { sortedIds } from './diff.ts';

/**
 * One text for one visible scene: the sha256, in hexadecimal, of a line of canonical JSON for each visible object in the
 * order of ids: `{"children", "id", "parent", "values"}`, where `values` holds what is written by path. Who wrote it and
 * when does not count, nor does what is hidden. Costs the whole scene.
 *
 * @param createSha256 a faster sha256 than the built-in one: `() => createHash('sha256')` in Node
 */
export function sceneHash(scene: Scene, createSha256: () => Sha256 = () => sha256.create()): string {
  const hash = createSha256();
  const utf8 = new TextEncoder();
  for (const id of sortedIds(scene.ids())) {
    const object = scene.get(id);
    if (object !== undefined) hash.update(utf8.encode(`${lineOf(object)}\n`));
  }
  return bytesToHex(hash.digest());
}

function lineOf(object: SceneObject): string {
  const values: Record<string, Value> = Object.create(null);
  for (const [path, value] of object.entries()) values[path] = value;
  return canonicalJson({ id: object.id, parent: object.parent, children: object.children, values });
}
