import type { RelayConfig } from '../config/relay-config.ts';

/** How much of published files a relay keeps and gives out; the configuration says what each limit is. */
export type FileLimits = RelayConfig['files'];

/** Of the name and the type that a publisher gives, each. */
export const MAX_FILE_WORD_CHARACTERS = 200;
/** Blocks that are missing, as a refusal names them. */
export const MAX_NAMED_BLOCKS = 16;
/** A reader of a CAR that takes nothing for so long is given up, in milliseconds. */
export const CAR_STALL_MS = 30_000;
/** CARs that are given out at once. */
export const MAX_CARS = 64;
/** What an answer about files costs of what the relay gives out, beside its bytes. */
export const ANSWER_BYTES = 1024;
/** How long others may remember that this relay gives a block, in seconds: it may be taken away. */
export const PROVIDER_MAX_AGE_S = 300;
/** How long that it does not: it may be published any moment. */
export const NO_PROVIDER_MAX_AGE_S = 15;
/** How long an answer waits for those before it, in milliseconds, where more is asked for than the relay gives a second. */
export const MAX_PACE_MS = 2000;
/** Names on the way from a CID to what is asked for. */
export const MAX_PATH_NAMES = 32;
