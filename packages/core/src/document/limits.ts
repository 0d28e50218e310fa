/** Contributions that a document may consist of at once: registers are never gone, so their names are used again. */
export const MAX_DOCUMENT_SLOTS = 32;

/** Registers of one contribution. */
export const MAX_SLOT_PARTS = 48;

/** What one register holds of a contribution: as much as its value may, in base64url, beside its other members. */
export const SLOT_PART_BYTES = 3000;

/** The largest contribution, and so the largest document: whoever takes a slot over may have to hold all of it. */
export const MAX_CONTRIBUTION_BYTES = MAX_SLOT_PARTS * SLOT_PART_BYTES;
