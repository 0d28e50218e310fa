/** The largest content of a bundle, a personal event or a layer, in UTF-8 bytes of its canonical JSON. */
export const MAX_CONTENT_BYTES = 61_440;
/** What a patch inside an event may inflate to, all its sections together. */
export const MAX_BUNDLE_INFLATED_BYTES = 1024 * 1024;
/** Objects of a patch inside an event. */
export const MAX_BUNDLE_OBJECTS = 4096;
/** Registers of a patch inside an event. */
export const MAX_BUNDLE_REGISTERS = 65_536;
/** Bundles of one writer. */
export const BUNDLE_SLOTS = 8;
/** Layers of one writer: a new one never takes the place of the one that it supersedes. */
export const LAYER_SLOTS = 2;
/** Addresses of one blob. */
export const MAX_BLOB_SOURCES = 8;
/** One address of a blob, in UTF-16 units. */
export const MAX_BLOB_SOURCE_CHARACTERS = 1024;
