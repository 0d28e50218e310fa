import type { ObjectId, World } from '@weft/world';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { CommandError } from '../failure.ts';
import { matrixRequest } from '../stack/matrix-http.ts';
import type { Place } from '../stack/place.ts';

/** Tries to change a world that one may not change; answers what the refusal says. */
export function refusedByClient(world: World, object: ObjectId): string {
  try {
    world.edit('remove the bench', (edit) => edit.remove(object));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'forbidden') return error.message;
    throw error;
  }
  throw new CommandError('check-failed', 'The visitor’s client let a visitor remove an object.');
}

const Refusal = Type.Object({ errcode: Type.Literal('M_FORBIDDEN'), error: Type.String() });

/** Writes past the client's own check; answers what the homeserver says. */
export async function refusedByHomeserver(
  place: Place,
  token: string,
  room: string,
  object: string,
): Promise<string> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/state/world.weft.object/${encodeURIComponent(object)}`;
  const { status, body } = await matrixRequest(place.homeserver, 'PUT', path, {
    token,
    body: { node: { deleted: true } },
  });
  if (status === 403 && Value.Check(Refusal, body)) return `${status} ${body.errcode}: ${body.error}`;
  throw new CommandError(
    'check-failed',
    `The homeserver let a visitor write an object: ${status} ${JSON.stringify(body)}`,
  );
}
