import type { RelayConfig } from '../config/relay-config.ts';

/** How much services may ask of a relay; the configuration says what each limit is. */
export type ServiceLimits = RelayConfig['services'];

/** Users of which it is remembered how much they asked lately, and under which actor they write. */
export const MAX_REMEMBERED_USERS = 10_000;
/** Changes in one edit. */
export const MAX_EDIT_CHANGES = 1000;
/** A live query that is quiet says so this often, so that proxies keep it, in milliseconds. */
export const STREAM_PULSE_MS = 15_000;
/** A reader that takes nothing for so long is given up, in milliseconds. */
export const STREAM_STALL_MS = 60_000;
/** Of a live query's JSON in an address. */
export const MAX_QUERY_TEXT_CHARACTERS = 8192;
