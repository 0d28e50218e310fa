import { entriesOf, type Replica } from '@weft/core';

/** What a replica shows, as text: a line a register, in order. */
export function shownText(replica: Pick<Replica, 'shownPatch'>): string {
  return [...entriesOf(replica.shownPatch())]
    .map(({ id, path, register: { value, stamp } }) =>
      [id, path, JSON.stringify(value), stamp.time, stamp.actor].join(' '),
    )
    .sort()
    .join('\n');
}
