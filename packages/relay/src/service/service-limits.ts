/** How much services may ask of a relay. */
export interface ServiceLimits {
  /** Requests of one user a second, for long. */
  readonly requestsPerSecond: number;
  /** Requests of one user at once. */
  readonly requestBurst: number;
  /** What one query, live or not, may cost; see `MAX_QUERY_COST`. */
  readonly queryCost: number;
  /** Objects of one answer, and of one live result. */
  readonly queryResults: number;
  /** Live queries of all services together. */
  readonly streams: number;
  /** The same of one user. */
  readonly streamsPerUser: number;
}

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
