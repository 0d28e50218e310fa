import type { UserId } from '@weft/core';

/** Why this client would write again what the room lost; whoever knows most about the loss goes first. */
export type Part =
  /** It wrote the event that left the registers out. */
  | { readonly kind: 'overwriter' }
  /** It made one of the registers. */
  | { readonly kind: 'author' }
  /** It runs in order to keep the world, without a person. */
  | { readonly kind: 'guardian' }
  /** One of those who may write, the `rank`-th of them from 1. */
  | { readonly kind: 'member'; readonly rank: number };

export const AUTHOR_DELAY_MS = 2000;
export const GUARDIAN_DELAY_MS = 5000;
export const MEMBER_DELAY_MS = 10_000;
/** Past this rank everybody waits alike: in a crowd, somebody among the first is there. */
export const MAX_RANK = 30;

/**
 * How long to leave it to others, in milliseconds. The first in line may be a ghost that never answers, so each gives
 * the ones before it time to be seen.
 *
 * @param fraction in [0, 1): spreads clients that have equal parts
 */
export function turnDelayMs(part: Part, fraction: number): number {
  switch (part.kind) {
    case 'overwriter':
      return 0;
    case 'author':
      return AUTHOR_DELAY_MS * (1 + fraction);
    case 'guardian':
      return GUARDIAN_DELAY_MS * (1 + fraction / 2);
    case 'member':
      return MEMBER_DELAY_MS * (Math.min(part.rank, MAX_RANK) + fraction / 2);
  }
}

/** The place of a user among those who may write, from 1, in the order of their ids; `null` where it is none of them. */
export function rankOf(user: UserId, writers: Iterable<UserId>): number | null {
  let rank = 1;
  let isAmong = false;
  for (const writer of writers) {
    if (writer === user) isAmong = true;
    else if (writer < user) rank += 1;
  }
  return isAmong ? rank : null;
}
