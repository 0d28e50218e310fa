import { serverTime } from '../event/stamps.ts';
import { type Patch, patchOf } from '../register/patch.ts';
import { TICKS_PER_MS } from '../stamp/stamp.ts';

/**
 * What the redaction of a bundle or a personal event does for those who knew its content: it purges every object that
 * was named there. Nothing where the time is out of range.
 *
 * @param atMs `redactionMs` of the event
 */
export function purgeNamed(content: Patch, atMs: number): Patch {
  const time = serverTime(atMs, TICKS_PER_MS - 1);
  return patchOf({
    purges: time === undefined ? [] : Array.from(content.objects.keys(), (id) => [id, time]),
  });
}
