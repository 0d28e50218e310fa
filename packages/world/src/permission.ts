import { type UserId, WeftError } from '@weft/core';
import type { Standing } from '@weft/matrix';

/** Owners that a refusal names; a world may have many. */
const MAX_NAMED_OWNERS = 3;

/**
 * Why this user may change nothing here, whatever the edit: checked before anything is written or uploaded. What
 * single objects allow is checked with the edit.
 */
export function refusalOf(standing: Standing, userId: UserId, what: string): WeftError | null {
  const { encrypted, replacement, membership, readOnly, role } = standing;
  if (readOnly === null) return null;
  if (encrypted) {
    return new WeftError('read-only', {
      what,
      expected: 'a room that is not encrypted',
      got: 'an encrypted one',
      hint: 'Homeservers cannot hold the state of an encrypted world. Make a world without encryption.',
      by: 'owner',
    });
  }
  if (replacement !== null) {
    return new WeftError('read-only', {
      what,
      expected: 'the world of today',
      got: 'one that was replaced',
      hint: `Open ${replacement}.`,
    });
  }
  if (membership !== 'join') {
    return new WeftError('read-only', {
      what,
      expected: `${userId} to be in the world`,
      got: membership === 'ban' ? 'somebody who was banned' : 'somebody who has left',
      hint:
        membership === 'ban'
          ? 'Ask a steward to lift the ban.'
          : 'Open the world again, or ask for an invitation.',
      by: membership === 'ban' ? 'steward' : 'you',
    });
  }
  return new WeftError('forbidden', {
    what,
    expected: 'the role of a builder',
    got: `${userId}, who is a ${role}`,
    hint: `Ask an owner of the world to make you a builder${ownersOf(standing)}.`,
    by: 'owner',
  });
}

function ownersOf({ members }: Standing): string {
  const owners = members.filter(({ role, membership }) => role === 'owner' && membership === 'join');
  const named = owners.slice(0, MAX_NAMED_OWNERS).map(({ user }) => user);
  return named.length === 0 ? '' : ` (${named.join(', ')})`;
}
