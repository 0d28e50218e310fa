import {
  type ComponentChanges,
  composeEdit,
  type EditDraft,
  type RandomBytes,
  type UserId,
} from '@weft/core';
import type { Static } from 'typebox';
import { HttpError } from '../server/http-reply.ts';
import { checkRequest } from './read-request.ts';
import { type EditChange, EditRequest } from './schemas.ts';
import type { ServedWorld } from './served-world.ts';
import { clockAbove, type ServiceUser } from './service-users.ts';

/**
 * Makes an edit for a user: all of it, or none. Answers once it outlives the relay.
 *
 * @throws WeftError as `composeEdit` and the lane's intake do; HttpError for a body that is none
 */
export async function answerEdit(
  { room, world }: ServedWorld,
  body: unknown,
  user: UserId,
  remembered: ServiceUser,
  random: RandomBytes,
): Promise<object> {
  const { changes, check = false } = checkRequest(EditRequest, body);
  const access = world.access(user);
  if (access === null) throw notInside();
  const { replica } = world;
  const source = {
    scene: replica.scene,
    clock: clockAbove(remembered, replica.clock.latest),
    registers: replica.registers.bind(replica),
    usersOf: replica.usersOf.bind(replica),
    purgeOf: replica.purgeOf.bind(replica),
    check: replica.check.bind(replica),
  };
  const { patch, value: ids } = composeEdit(source, access, random, (draft) =>
    changes.map((change) => make(draft, change)),
  );
  const changed = patch.objects.size;
  if (check || changed === 0) return { ids, changed, seq: null };
  const { seq } = await room.write(user, patch);
  return { ids, changed, seq };
}

export function notInside(): HttpError {
  return new HttpError(403, 'forbidden', 'You are not in this world any more.');
}

function make(draft: EditDraft, change: Static<typeof EditChange>): string {
  if ('add' in change) return draft.add(change.add);
  if ('set' in change) {
    if (isChanges(change.components)) draft.set(change.set, change.components);
    return change.set;
  }
  if ('move' in change) {
    const { move, ...place } = change;
    draft.move(move, place);
    return move;
  }
  draft.remove(change.remove);
  return change.remove;
}

/** Components by name; what is wrong inside them the draft says by its place. */
function isChanges(components: Readonly<Record<string, unknown>>): components is ComponentChanges {
  return typeof components === 'object';
}
