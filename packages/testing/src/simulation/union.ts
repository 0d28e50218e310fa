import {
  type BlobPointer,
  canonicalJson,
  emptyPatch,
  entriesOf,
  join,
  type ObjectId,
  type Patch,
  patchOf as patchFrom,
  purgeNamed,
  readBlob,
  redactionMs,
} from '@weft/core';
import {
  decodeCarrier,
  type EventId,
  LAYER_EVENT,
  type MxcUri,
  mxcParts,
  OBJECT_EVENT,
  serverOf,
} from '@weft/matrix';
import type { TwinEvent } from '../homeserver/twin-event.ts';
import type { TwinRoom } from '../homeserver/twin-room.ts';
import { CARRIER_TYPES, sourcesIn } from './carrier-types.ts';
import type { Written } from './ledger.ts';
import { lostRightMs } from './rights.ts';
import type { SimWorld } from './sim-world.ts';

/** All that the servers ever let into the room, whatever became of it in the room's state. */
export interface Union {
  /** With every purge that any redaction can have made; one of an event that was replaced already makes none. */
  readonly purged: Patch;
  /** As if nothing had ever been purged; redacted events say nothing. */
  readonly said: Patch;
  /** Said by nobody but senders who had lost the right by then, before everybody could know of it. */
  readonly unentitled: readonly Written[];
  /** The events that said it, or said nothing. */
  readonly withoutRight: ReadonlySet<EventId>;
  /** Objects of which something is in files that are lost, on a server at least, though the room points to them. */
  readonly unreadable: ReadonlySet<ObjectId>;
  /** The servers on which it is so. */
  readonly unreadableAt: ReadonlySet<string>;
}

/** What the servers had when they had just met again, and everybody could know what had become of the room. */
export interface Early {
  readonly carriers: ReadonlySet<EventId>;
  /** Of these the room's state held some. */
  readonly state: ReadonlySet<EventId>;
  /** By the clock of the run. */
  readonly atMs: number;
}

export function earlyIn(world: SimWorld): Early {
  const state = world.servers.flatMap((server) => world.roomAt(server).state);
  return {
    carriers: new Set(carriersIn(world).keys()),
    state: new Set(state.map(({ event_id: id }) => id)),
    atMs: world.timers.now(),
  };
}

export async function unionOf(world: SimWorld, early: Early): Promise<Union> {
  const events = carriersIn(world);
  const carriers = [...events.values()].map(({ event }) => event);
  const withoutRight = sentWithoutRight(world, early, carriers);
  const patches = new Map<EventId, Patch>();
  for (const [id, { event, room }] of events) patches.set(id, await patchOf(world, event, room));
  const all = [...patches.values()];
  return {
    purged: joinAll(all),
    said: joinAll(all.map((patch) => patchFrom({ registers: entriesOf(patch) }))),
    unentitled: saidOnlyBy(withoutRight, (event) => isUnaware(world, early, event), events, patches),
    withoutRight,
    ...(await unreadableIn(world)),
  };
}

/** Every event that says something of objects, and that a server ever let in. */
export function carriersIn(
  world: SimWorld,
): ReadonlyMap<EventId, { readonly event: TwinEvent; readonly room: TwinRoom }> {
  const events = new Map<EventId, { event: TwinEvent; room: TwinRoom }>();
  for (const server of world.servers) {
    const room = world.roomAt(server);
    for (const event of room.timeline)
      if (CARRIER_TYPES.includes(event.type)) events.set(event.event_id, { event, room });
  }
  return events;
}

/** What is in a file that the room points to, and the servers that cannot show it any more. */
export async function blobOf(
  world: SimWorld,
  type: string,
  blob: BlobPointer,
): Promise<{ readonly patch: Patch; readonly missingAt: readonly string[] }> {
  const sources = sourcesIn({ blob });
  const names = world.servers.map(({ name }) => name);
  const missingAt = names.filter((name) => !sources.some((uri) => canShow(world, name, uri)));
  const files = sources.flatMap((uri) => [
    ...world.servers.map(({ media }) => media.get(uri)?.bytes),
    world.lostMedia.get(uri),
  ]);
  const file = files.find((bytes) => bytes !== undefined);
  const patch = file === undefined ? emptyPatch : (await readBlob(file, blob, { carrier: type })).patch;
  return { patch, missingAt };
}

function canShow(world: SimWorld, at: string, uri: MxcUri): boolean {
  const holds = (name: string): boolean =>
    world.servers.find((one) => one.name === name)?.media.has(uri) === true;
  return holds(at) || holds(mxcParts(uri).server);
}

async function unreadableIn(world: SimWorld): Promise<Pick<Union, 'unreadable' | 'unreadableAt'>> {
  const unreadable = new Set<ObjectId>();
  const unreadableAt = new Set<string>();
  for (const server of world.lostMedia.size === 0 ? [] : world.servers)
    for (const { type, blob } of filesIn(world.roomAt(server).state)) {
      const { patch, missingAt } = await blobOf(world, type, blob);
      if (missingAt.length > 0) for (const id of patch.objects.keys()) unreadable.add(id);
      for (const name of missingAt) unreadableAt.add(name);
    }
  return { unreadable, unreadableAt };
}

/** What a state points to. A file is known by its hash: who finds it anywhere has it for all that point to it. */
function filesIn(state: readonly TwinEvent[]): readonly { type: string; blob: BlobPointer }[] {
  const files = state.flatMap((event) => {
    const blob = saidBy(event)?.blob ?? null;
    return blob === null ? [] : [{ type: event.type, blob }];
  });
  return files.map(({ type, blob }) => {
    const same = files.filter(({ blob: { sha256 } }) => sha256 === blob.sha256);
    return { type, blob: { ...blob, sources: same.flatMap((one) => one.blob.sources) } };
  });
}

function sentWithoutRight(world: SimWorld, early: Early, events: readonly TwinEvent[]): ReadonlySet<EventId> {
  const [server] = world.servers;
  if (server === undefined) return new Set();
  const room = world.roomAt(server);
  const held = early.state.union(new Set(room.state.map(({ event_id: id }) => id)));
  const since = new Map<string, number>();
  const without = new Set<EventId>();
  for (const { event_id: id, sender, type, origin_server_ts: atMs } of events) {
    const who = `${sender} ${type}`;
    const lostMs = since.get(who) ?? lostRightMs(room, sender, type);
    since.set(who, lostMs);
    if (atMs >= lostMs && !held.has(id)) without.add(id);
  }
  return without;
}

/** Whether nobody whose it is had read the state of the room since the servers met: nothing else tells what it lost. */
function isUnaware(world: SimWorld, { carriers, atMs }: Early, event: TwinEvent): boolean {
  if (carriers.has(event.event_id)) return true;
  const server = world.servers.find(({ name }) => name === serverOf(event.sender));
  const sentMs = event.origin_server_ts - (server?.clockOffsetMs ?? 0);
  return !world.clients.some(
    ({ userId, readsMs }) =>
      userId === event.sender && readsMs.some((readMs) => readMs >= atMs && readMs < sentMs),
  );
}

// Who wrote on such an object unaware carries it on in good faith; who knows by then lends no power.
function saidOnlyBy(
  events: ReadonlySet<EventId>,
  isUnaware: (event: TwinEvent) => boolean,
  all: ReadonlyMap<EventId, { readonly event: TwinEvent }>,
  patches: ReadonlyMap<EventId, Patch>,
): readonly Written[] {
  if (events.size === 0) return [];
  const only = new Map<string, Written>();
  for (const id of events)
    for (const written of entriesOf(patches.get(id) ?? emptyPatch)) only.set(textOf(written), written);
  for (const [id, { event }] of all) {
    if (events.has(id) || !isUnaware(event)) continue;
    // Also what was redacted later was there to be carried on.
    for (const patch of [saidBy(event)?.patch, patches.get(id)])
      for (const written of entriesOf(patch ?? emptyPatch)) only.delete(textOf(written));
  }
  return [...only.values()];
}

function textOf({ id, path, register: { value, stamp } }: Written): string {
  return `${id} ${path} ${stamp.time} ${stamp.actor} ${canonicalJson(value)}`;
}

async function patchOf(world: SimWorld, event: TwinEvent, room: TwinRoom): Promise<Patch> {
  const redactedAtMs = room.redactions.get(event.event_id)?.origin_server_ts ?? null;
  if (event.type === OBJECT_EVENT) return saidBy(event, redactedAtMs)?.patch ?? emptyPatch;
  const { patch = emptyPatch, blob = null } = saidBy(event) ?? {};
  // Also where its file is lost by now: who read it before holds what it says.
  const whole = blob === null ? patch : (await blobOf(world, event.type, blob)).patch;
  // Those who knew what it said purge what it named.
  const isPurge = redactedAtMs !== null && event.type !== LAYER_EVENT;
  return isPurge ? purgeNamed(whole, redactionMs(redactedAtMs, event.origin_server_ts)) : whole;
}

/** What a carrier says; `null` for what is none. */
export function saidBy(
  event: TwinEvent,
  redactedAtMs: number | null = null,
): ReturnType<typeof decodeCarrier> {
  const { event_id: id, type, sender, state_key: stateKey = null, origin_server_ts: atMs, content } = event;
  return decodeCarrier({
    id,
    type,
    sender,
    stateKey,
    atMs,
    content,
    replaces: event.replaces,
    redactedAtMs,
    ageMs: null,
  });
}

// Halves at a time: one after another would copy the whole for each.
function joinAll(patches: readonly Patch[]): Patch {
  const [first = emptyPatch] = patches;
  if (patches.length < 2) return first;
  const middle = patches.length >> 1;
  return join(joinAll(patches.slice(0, middle)), joinAll(patches.slice(middle)));
}
