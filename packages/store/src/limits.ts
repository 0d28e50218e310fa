/** Room for the largest Weft file (64 MiB) and a little more. */
export const MAX_RECORD_BYTES = 65 * 1024 * 1024;

/** The longest name of a record, in bytes (names are ASCII). */
export const MAX_RECORD_KEY_BYTES = 200;
