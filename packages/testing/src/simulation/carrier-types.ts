import { BUNDLE_EVENT, LAYER_EVENT, OBJECT_EVENT } from '@weft/matrix';

/** State events that say something of objects, from anybody who may build. */
export const CARRIER_TYPES: readonly string[] = [OBJECT_EVENT, BUNDLE_EVENT, LAYER_EVENT];
