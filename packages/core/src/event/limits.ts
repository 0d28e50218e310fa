/** The largest object event that is written or read, in UTF-8 bytes of its canonical JSON. */
export const MAX_OBJECT_EVENT_BYTES = 8192;

/** Components of one object event; one with more is refused whole. */
export const MAX_OBJECT_COMPONENTS = 64;

/** How deeply a whole event may nest; one that is deeper is not looked into. Single values have their own, lower bound. */
export const MAX_EVENT_DEPTH = 512;
