import {
  encodeBlob,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Path,
  type Register,
  utf8Length,
} from '@weft/core';
import { type Choosing, chooseCarrier } from './choose-carrier.ts';

/** What it takes to bring an edit into the room. */
export interface WriteCost {
  /** State events. Readable views that follow when there is time are not counted. */
  readonly events: number;
  /** Of their contents, and of what is uploaded. */
  readonly bytes: number;
}

/** What this edit would cost if it were written alone and now; what no carrier takes costs nothing. */
export function costOf(patch: Patch, choosing: Choosing): WriteCost {
  const registersOf = (id: ObjectId) => patch.objects.get(id)?.registers ?? new Map<Path, Register>();
  const { replica: held } = choosing;
  const replica: Choosing['replica'] = {
    clock: held.clock,
    usersOf: (actor) => held.usersOf(actor),
    purgeOf: (id) => held.purgeOf(id),
    writable: (id) => {
      const parts = held.writable(id);
      return { ...parts, registers: new Map([...parts.registers, ...registersOf(id)]) };
    },
  };
  const left = new Map([...patch.objects.keys()].map((id) => [id, registersOf(id)]));
  const cost = { events: 0, bytes: 0 };
  let next: ObjectRegisters = left;
  while (next.size > 0) {
    const choice = chooseCarrier(next, { ...choosing, replica });
    const taken = choice.kind === 'stuck' ? [choice.id] : [...choice.objects.keys()];
    if (choice.kind === 'event' || choice.kind === 'blob') {
      cost.events += 1;
      cost.bytes +=
        choice.kind === 'blob'
          ? encodeBlob(choice.held.patch).bytes
          : utf8Length(JSON.stringify(choice.content));
    }
    for (const id of taken) left.delete(id);
    next = taken.length > 1 ? left : firstOf(left);
  }
  return cost;
}

// Where one went alone, the others may have to as well: asking for all each time would cost their square.
function firstOf(objects: ObjectRegisters): ObjectRegisters {
  const [first] = objects;
  return new Map(first === undefined ? [] : [first]);
}
