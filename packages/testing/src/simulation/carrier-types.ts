import { BUNDLE_EVENT, isMxcUri, LAYER_EVENT, type MxcUri, OBJECT_EVENT, PERSONAL_EVENT } from '@weft/matrix';

/** State events that say something of objects. */
export const CARRIER_TYPES: readonly string[] = [OBJECT_EVENT, BUNDLE_EVENT, PERSONAL_EVENT, LAYER_EVENT];

/** Where the file is that an event points to. */
export function sourcesIn({ blob }: { readonly blob?: unknown }): readonly MxcUri[] {
  const sources: unknown = typeof blob === 'object' && blob !== null ? Reflect.get(blob, 'sources') : [];
  return Array.isArray(sources) ? sources.filter(isMxcUri) : [];
}
