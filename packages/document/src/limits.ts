import { MAX_CONTRIBUTION_BYTES } from '@weft/core';

/** A whole document as one update, and so the largest update, in bytes. */
export const MAX_UPDATE_BYTES = MAX_CONTRIBUTION_BYTES;

/** What a document is made of: runs of text, marks, entries, and what was deleted of them. */
export const MAX_DOCUMENT_STRUCTS = 16_384;

/** Structs and deleted ranges of one message: what is longer is sent in several. */
export const MAX_MESSAGE_STRUCTS = 2048;

/** Steps that finding the places of one message's structs may take, among those that others put there meanwhile. */
export const MAX_MESSAGE_STEPS = 20_000;

/** The same for all contributions to a document together. */
export const MAX_MERGE_STEPS = 400_000;

/** Structs of all contributions to a document together, those that several of them hold counted each time. */
export const MAX_MERGE_STRUCTS = 2 * MAX_DOCUMENT_STRUCTS;

/** How deeply the values in a document may nest. */
export const MAX_CONTENT_DEPTH = 32;

/** The greatest clock of a client: more than anybody types. */
export const MAX_DOCUMENT_CLOCK = 2 ** 31 - 1;
