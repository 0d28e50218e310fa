import { AssetRefused } from './asset-refused.ts';

export type GltfEntry = Readonly<Record<string, unknown>>;

export function isEntry(value: unknown): value is GltfEntry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of the document, empty where there is none. @throws AssetRefused where it holds something else */
export function entriesOf(owner: GltfEntry, name: string): readonly GltfEntry[] {
  const list = owner[name];
  if (!Array.isArray(list)) return [];
  if (list.every(isEntry)) return list;
  throw new AssetRefused(`its list of ${name} holds something else; export it again`);
}

/** The indices of a list, without what is none. */
export function indicesOf(list: unknown): readonly number[] {
  return Array.isArray(list) ? list.filter((index) => Number.isSafeInteger(index) && index >= 0) : [];
}
