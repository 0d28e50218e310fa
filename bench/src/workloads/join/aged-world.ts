import { newActorId, type ObjectId, type Patch, parsePath, patchOf, Replica } from '@weft/core';
import { createWorldRoom, isMxcUri, openRoom, type RoomId } from '@weft/matrix';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { STOCK_RATE_LIMIT, TwinServer } from '@weft/testing/homeserver';
import { district } from '../../scene/district.ts';

/** Builders who edit at once. */
const BUILDERS = ['builder-1', 'builder-2', 'builder-3', 'builder-4'];
const NEWCOMER = 'newcomer';
/** By all of them together. */
const EDITS_A_SECOND = 20;
/** After the last edit: views are written, idle readings made, and slots of yesterday may be used again. */
const REST_MS = 30 * 60 * 60_000;
/** Longer than opening waits for anything. */
const OPENING_MS = 15_000;
const PLACED_AT_ONCE = 100;
const METRES = 100;
const STEP_MS = 1000 / EDITS_A_SECOND;

/** What a newcomer has to read. */
export interface JoinCost {
  /** What `/state` answers, as JSON, and the blobs that it points to. */
  readonly bytes: number;
  readonly events: number;
  /** Events that the room has seen in all. */
  readonly history: number;
  /** What a newcomer's scene shows. */
  readonly objects: number;
}

export interface AgedWorldOptions {
  readonly seed: string;
  readonly objects: number;
  readonly edits: number;
  readonly signal: AbortSignal;
}

/**
 * Builds a world on a homeserver twin with stock limits, lets builders move things about, and looks what a newcomer gets;
 * then the same registers, put into a new room at once.
 */
export async function agedWorld(options: AgedWorldOptions): Promise<{ aged: JoinCost; fresh: JoinCost }> {
  const { seed, objects, edits, signal } = options;
  const place = await newPlace(`${seed}/${edits}`, Date.UTC(2026, 0, 1));
  const { timers, random } = place;
  const owner = await place.enter('owner');
  const start = restamped(district({ seed, count: objects, user: owner.homeserver.userId }), owner.replica);
  await place.fill(owner, start);
  const ids = [...start.objects.keys()];
  const builders = await Promise.all(BUILDERS.map((name) => place.enter(name)));
  await timers.advance(60_000);
  for (let edit = 0; edit < edits; edit += 1) {
    if (edit % 1000 === 0) signal.throwIfAborted();
    const builder = builders[edit % builders.length];
    const id = ids[random.below(ids.length)];
    if (builder === undefined || id === undefined) throw new TypeError('a world without builders or objects');
    builder.session.write(moved(id, builder.replica, random), 'local');
    await timers.advance(STEP_MS);
  }
  const aged = await costOf(place, [owner, ...builders]);

  const again = await newPlace(`${seed}/${edits}/again`, timers.now());
  const copier = await again.enter('owner');
  await again.fill(copier, owner.replica.toPatch());
  return { aged, fresh: await costOf(again, [copier]) };
}

type Place = Awaited<ReturnType<typeof newPlace>>;
type Client = Awaited<ReturnType<Place['enter']>>;

async function newPlace(seed: string, startMs: number) {
  const timers = new FakeTimers(startMs);
  const random = new SeededRandom(`join/${seed}`);
  const server = new TwinServer({ timers, rateLimit: STOCK_RATE_LIMIT });
  const users = [...BUILDERS, NEWCOMER].map((name) => server.connect(name).userId);
  const room = await createWorldRoom(server.connect('owner'), {
    title: 'District',
    access: 'private',
    invite: users,
    levels: Object.fromEntries(users.map((user) => [user, 25])),
    timers,
    random: random.bytes,
  });
  const enter = async (name: string) => {
    const homeserver = server.connect(name);
    const replica = new Replica({
      actor: newActorId(random.bytes),
      now: () => timers.now() + homeserver.serverOffsetMs(),
    });
    const opening = openRoom({ homeserver, room, replica, timers, random: random.fork(name).bytes });
    // Blobs are read in steps that give others a turn.
    await timers.advance(OPENING_MS);
    const session = await opening;
    return { homeserver, replica, session };
  };
  // As a builder would: what is placed in one go stays behind one blob, and is read by no other program.
  const fill = async ({ session }: Awaited<ReturnType<typeof enter>>, { objects, actors }: Patch) => {
    const all = [...objects];
    for (let from = 0; from < all.length; from += PLACED_AT_ONCE) {
      session.write({ objects: new Map(all.slice(from, from + PLACED_AT_ONCE)), actors }, 'import');
      await timers.advance(60_000);
    }
  };
  return { timers, random, server, room, enter, fill };
}

/** After a day and more of rest; ends the place. */
async function costOf({ timers, server, room, enter }: Place, clients: readonly Client[]): Promise<JoinCost> {
  await timers.advance(REST_MS);
  const unsaved = clients.reduce((sum, { session }) => sum + session.unsaved, 0);
  if (unsaved > 0) throw new Error(`${unsaved} objects are not saved after a day of rest: the run is void`);
  const newcomer = await enter(NEWCOMER);
  const objects = [...newcomer.replica.scene.ids()].length;
  for (const { session } of [...clients, newcomer]) session.close();
  return { ...sizeOf(server, room), objects };
}

/** The district's stamps are of the past, and of an actor of its own: whoever places it signs for it. */
function restamped(patch: Patch, replica: Replica): Patch {
  const stamp = replica.clock.issue();
  return patchOf({
    registers: [...patch.objects].flatMap(([id, { registers }]) =>
      [...registers].map(([path, { value }]) => ({ id, path, register: { value, stamp } })),
    ),
  });
}

function moved(id: ObjectId, replica: Replica, random: SeededRandom): Patch {
  const place = () => Math.round(random.between(0, METRES) * 1000) / 1000;
  const register = { value: [place(), 0, place()], stamp: replica.clock.issue() };
  return patchOf({ registers: [{ id, path: parsePath('transform.position'), register }] });
}

function sizeOf(server: TwinServer, room: RoomId): Omit<JoinCost, 'objects'> {
  const { state, timeline } = server.room('measure', room);
  let bytes = 0;
  for (const event of state) {
    bytes += JSON.stringify(event).length;
    for (const uri of sourcesIn(event.content)) bytes += server.media.get(uri)?.bytes.length ?? 0;
  }
  return { bytes, events: state.length, history: timeline.length };
}

function sourcesIn(content: { readonly blob?: unknown }) {
  const { blob } = content;
  const sources = typeof blob === 'object' && blob !== null && 'sources' in blob ? blob.sources : [];
  return Array.isArray(sources) ? sources.filter(isMxcUri) : [];
}
