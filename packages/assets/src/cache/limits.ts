const MIB = 1024 * 1024;

/** Files that a device keeps, on disk or in a browser's storage. */
export const MAX_KEPT_ASSET_BYTES = 1024 * MIB;
/** Files that a program keeps in memory where its device keeps none. */
export const MAX_ASSET_MEMORY_BYTES = 128 * MIB;
export const MAX_KEPT_ASSETS = 4_096;
