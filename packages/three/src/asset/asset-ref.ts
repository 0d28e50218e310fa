import type { AssetRef } from '../source.ts';

interface AssetComponent {
  readonly src?: string;
  readonly sha256?: string;
  readonly bytes?: number;
}

/** The reference that a component holds; `null` without a source. */
export function assetRefOf(component: AssetComponent | undefined): AssetRef | null {
  if (component?.src === undefined) return null;
  return { src: component.src, sha256: component.sha256 ?? null, bytes: component.bytes ?? null };
}
