/** Operators, and values to compare with, in all of `where`. */
export const MAX_QUERY_CONDITIONS = 32;
/** The largest `limit`, `nearest.k` and page. */
export const MAX_QUERY_RESULTS = 100_000;
/**
 * What one query may cost, in looks at an object, a property or a step of the tree: about a second at worst. A trusted
 * caller may ask for more.
 */
export const MAX_QUERY_COST = 4_000_000;
export const MAX_WORD_CHARACTERS = 256;
/** `$and`, `$or`, `$nor`, `$not` and `$elemMatch` inside each other. */
export const MAX_FILTER_DEPTH = 8;
/** Values in one `$in`, `$nin` or `$all`. */
export const MAX_FILTER_LIST = 256;
export const MAX_SELECTOR_CHARACTERS = 1024;
/** Steps of a selector: names, ids, tags, attributes and pseudo-classes and combinators, those in brackets too. */
export const MAX_SELECTOR_PARTS = 64;
/** `:is`, `:not`, `:where` and `:has` inside each other. */
export const MAX_SELECTOR_DEPTH = 2;
export const MAX_SORT_PATHS = 4;
export const MAX_FIELDS = 64;
export const MAX_TEXT_WORDS = 16;
export const MAX_CURSOR_CHARACTERS = 32_768;
/** Steps from a property into its value. */
export const MAX_PATH_STEPS = 8;
