import { decodePatch, type Patch } from '@weft/core';
import { decodeCarrier, decodeRemains, type EventId, parseEventId, parseRoomEvent } from '@weft/matrix';
import type { WorldStore } from '@weft/store';
import type { TwinDisk } from '../store/twin-disk.ts';

/** One thing that a record of a device says of objects. */
export interface OnDevice {
  readonly record: string;
  /** Which event says it; `null` for an edit, for what older events said, and for a file. */
  readonly event: EventId | null;
  readonly patch: Patch;
}

const ASIDE = /\.aside-\d+$/;

/** Reads every record of what a device keeps, listed or not. What could not be read and was put aside is not looked at. */
export async function deviceContents(disk: TwinDisk): Promise<readonly OnDevice[]> {
  const contents: OnDevice[] = [];
  for (const name of disk.names) {
    if (ASIDE.test(name)) continue;
    const store = await disk.open(name);
    contents.push(...(await readAll(store)));
    await store.close();
  }
  return contents;
}

async function readAll(store: WorldStore): Promise<readonly OnDevice[]> {
  const records = [...(await store.readAll(''))].filter(([record]) => record !== 'head');
  return records.flatMap(([record, bytes]) => {
    if (holdsEvents(record)) return eventsIn(record, bytes);
    if (record.startsWith('remains/')) return remainsIn(record, bytes);
    return [{ record, event: null, patch: decodePatch(bytes, { carrier: record }).patch }];
  });
}

function holdsEvents(record: string): boolean {
  return record.startsWith('state/') || record.startsWith('past/');
}

function eventsIn(record: string, bytes: Uint8Array): OnDevice[] {
  const events: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return (Array.isArray(events) ? events : []).flatMap((raw) => {
    const event = parseRoomEvent(raw);
    const patch = event === null ? undefined : decodeCarrier(event)?.patch;
    return event === null || patch === undefined ? [] : [{ record, event: event.id, patch }];
  });
}

function remainsIn(record: string, bytes: Uint8Array): OnDevice[] {
  const remains = decodeRemains(bytes) ?? [];
  return remains.map(({ source, patch }) => ({ record, event: parseEventId(source.event), patch }));
}
