import type { Replica } from '@weft/core';
import type { RoomSession, Timers } from '@weft/matrix';

/** Sends what is unsaved, and resolves when the room holds or refuses all of it, or when the time is up. */
export async function flush(
  session: Pick<RoomSession, 'on' | 'flush'>,
  replica: Pick<Replica, 'dirty'>,
  timers: Timers,
  waitMs: number,
): Promise<void> {
  if (replica.dirty().size === 0) return;
  const done = new AbortController();
  const endIfSaved = () => {
    if (replica.dirty().size === 0) done.abort();
  };
  const stops = [
    session.on('settled', endIfSaved),
    session.on('refused', endIfSaved),
    timers.after(waitMs, () => done.abort()),
  ];
  await session.flush({ signal: done.signal });
  for (const stop of stops) stop();
}
