import type { Emitter } from '@weft/core';
import type { Writer } from '../writer/writer.ts';
import type { RoomSessionEvents } from './session-events.ts';

/** Writes without waiting for objects to come to rest, until nothing is unsaved or the signal comes. */
export async function flushEdits(
  writer: Pick<Writer, 'unsaved' | 'hurry'>,
  events: Emitter<RoomSessionEvents>,
  isClosed: () => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = (): void => {
    if (writer.unsaved === 0 || isClosed()) resolve();
  };
  const stops = [events.on('settled', check), events.on('refused', check)];
  signal?.addEventListener('abort', () => resolve(), { once: true });
  if (signal?.aborted === true) resolve();
  writer.hurry(true);
  check();
  await promise;
  writer.hurry(false);
  for (const stop of stops) stop();
}
