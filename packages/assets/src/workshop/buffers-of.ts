import type { Worked } from './workshop.ts';

/** What goes to whoever waits without a copy: large, and of no use to the worker any more. */
export function buffersOf(worked: Worked): ArrayBuffer[] {
  if (worked.work === 'explode') return worked.exploded.meshes.map(({ glb }) => glb.buffer);
  return worked.work === 'write' ? [worked.exported.glb.buffer] : [];
}
