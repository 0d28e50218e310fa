/** How the values of a column are written. The numbers are part of the format. */
export const VALUES = { json: 0, text: 1, shared: 2, id: 3, numbers: 4, table: 5 } as const;

/** Which of a block's objects a column has a register of. The numbers are part of the format. */
export const PRESENCE = { all: 0, bits: 1, list: 2 } as const;

/** Where the stamps of a column differ from those of its objects. The numbers are part of the format. */
export const STAMPS = { own: 0, exceptions: 1, each: 2 } as const;
