import { parseUserId } from '@weft/core';
import { district } from '../scene/district.ts';
import type { SceneRecord } from './adapter.ts';

/** The objects of a district as plain values. */
export function sceneRecords(seed: string, count: number): readonly SceneRecord[] {
  const patch = district({ seed, count, user: parseUserId('@user-0:example.org') });
  return [...patch.objects].map(([id, { registers }]) => ({
    id,
    values: Object.fromEntries([...registers].map(([path, { value }]) => [path, value])),
  }));
}
