import type { UserId, Value } from '@weft/core';
import { Method } from 'matrix-js-sdk';
import { HomeserverError } from '../errors.ts';
import { member } from '../json.ts';
import type { Ask } from './call.ts';
import { unless } from './timeline.ts';

/** Where servers have the fields of a profile that Matrix does not name: since Matrix 1.16, and before that by MSC4133. */
const PREFIXES = ['/_matrix/client/v3', '/_matrix/client/unstable/uk.tcpip.msc4133'];

/** `GET /profile/{userId}/{field}`. */
export async function readProfileField(ask: Ask, user: UserId, field: string): Promise<unknown> {
  const what = `read ${field} of ${user}`;
  for (const prefix of PREFIXES) {
    const answer = await unless(
      ['not-found', 'forbidden', 'unsupported', 'not-a-homeserver', 'bad-event'],
      ask({ what, method: Method.Get, prefix, path: pathOf(user, field) }),
    );
    const value = member(answer, field);
    if (value !== undefined) return value;
  }
  return null;
}

/** `PUT /profile/{userId}/{field}`. @throws HomeserverError `unsupported` where there are no such fields */
export async function writeProfileField(ask: Ask, user: UserId, field: string, value: Value): Promise<void> {
  const what = `write ${field} of ${user}`;
  for (const prefix of PREFIXES) {
    const body = { [field]: value };
    const answer = await unless(
      ['not-found', 'unsupported', 'not-a-homeserver'],
      ask({ what, method: Method.Put, prefix, path: pathOf(user, field), body }),
    );
    if (answer !== null) return;
  }
  throw new HomeserverError('unsupported', {
    what,
    got: 'the homeserver knows no fields of profiles but names and pictures',
    hint: 'Wear the model in this room instead.',
  });
}

function pathOf(user: UserId, field: string): string {
  return `/profile/${encodeURIComponent(user)}/${encodeURIComponent(field)}`;
}
