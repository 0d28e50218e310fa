/** The largest file or blob that is read or written, unless the caller allows less. */
export const MAX_BLOB_BYTES = 64 * 1024 * 1024;

/** Objects of one blob. */
export const MAX_BLOB_OBJECTS = 500_000;

/** Ids of one blob: its objects and those that its values only mention. */
export const MAX_BLOB_IDS = 1_000_000;

/** Registers of one blob. */
export const MAX_BLOB_REGISTERS = 5_000_000;

/** Strings of one blob: tables, texts and JSON values. */
export const MAX_BLOB_STRINGS = 6_000_000;

/** All strings of one blob together, inflated. */
export const MAX_BLOB_STRING_BYTES = 256 * 1024 * 1024;

/** Different paths of one blob. */
export const MAX_BLOB_PATHS = 65_536;

/** The largest section, as stored and inflated. */
export const MAX_SECTION_BYTES = 1024 * 1024;

/** The largest section that may be deflated, inflated: what a bomb can make us do before it is found out. */
export const MAX_INFLATED_SECTION_BYTES = 64 * 1024;

/** Objects of one block, the unit of streaming: a block decodes within a few milliseconds. */
export const MAX_BLOCK_OBJECTS = 2048;

/** Registers of one block, so that their stamps fit in a section. */
export const MAX_BLOCK_REGISTERS = 65_536;

/** Columns of one block, and so registers of one object. */
export const MAX_BLOCK_COLUMNS = 2048;

/** Ids of one section of packed ids. */
export const MAX_SECTION_IDS = 4096;

/** Numbers of an array that is stored in columns; longer arrays are stored as JSON. */
export const MAX_VECTOR_LENGTH = 16;

/** JSON text of one value, in UTF-16 units; a canonical one is at most half as long. */
export const MAX_JSON_CHARACTERS = 8192;

/** Problems that are listed; what follows is dropped unlisted, and the last entry says so. */
export const MAX_LISTED_PROBLEMS = 100;
