import {
  BUNDLE_SLOTS,
  type ChangeSet,
  canonicalJson,
  decodeBundle,
  decodePatch,
  entriesOf,
  fromBase64Url,
  newActorId,
  normaliseValue,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  Replica,
  type Settled,
  writerKey,
} from '@weft/core';
import {
  BUNDLE_EVENT,
  createWorldRoom,
  type Journal,
  openRoom,
  openRoomJournal,
  type RoomId,
  type RoomProblem,
  type RoomSession,
  type RoomSessionEvents,
  type StateContent,
} from '@weft/matrix';
import { FakeTimers, SeededRandom } from '@weft/testing';
import {
  type Fault,
  type TwinHomeserver,
  TwinServer,
  type TwinServerOptions,
} from '@weft/testing/homeserver';
import type { TwinDisk } from '@weft/testing/store';

/** One client of the twin: a connection, a replica, a session, and all that the session said. */
export interface TwinClient {
  readonly homeserver: TwinHomeserver;
  readonly replica: Replica;
  readonly session: RoomSession;
  readonly journal: Journal | null;
  readonly changes: ChangeSet[];
  readonly settled: Settled[];
  readonly refused: RoomSessionEvents['refused'][];
  readonly problems: RoomProblem[];
  /** Makes an edit as the world would. */
  edit(id: string, properties: Readonly<Record<string, unknown>>): Patch;
}

export interface OpenOptions {
  readonly guardian?: boolean;
  /** What the client keeps is on this disk, and its connection is a device of its own. */
  readonly disk?: TwinDisk;
  /** The homeserver does not answer from the first moment. */
  readonly offline?: boolean;
}

export interface TwinWorld {
  readonly timers: FakeTimers;
  readonly server: TwinServer;
  readonly room: RoomId;
  readonly owner: TwinClient;
  /** Opens the world as this user, who is a builder. */
  open(name: string, options?: OpenOptions): Promise<TwinClient>;
  /** Opens what a disk keeps, for a client that runs already. */
  journalOn(disk: TwinDisk, client: Pick<TwinClient, 'homeserver' | 'replica'>): Promise<Journal>;
  /** How many object events a user's requests tried to write. */
  writes(client: TwinClient): number;
  /** The state that a user's requests tried to write, as `type key`, without `world.weft.`. */
  written(client: TwinClient): readonly string[];
  /** Lets builders write objects alone, as in rooms that know no bundles. */
  forbidBundles(): Promise<void>;
}

/** What a device's disk calls the world. */
export const STORE = 'world';

/** A world on a twin, opened by its owner; `builder` and `other` are invited builders, `visitor` a visitor. */
export async function twinWorld(
  options: Partial<TwinServerOptions> & { seed?: string } = {},
): Promise<TwinWorld> {
  const timers = new FakeTimers();
  const server = new TwinServer({ timers, ...options });
  const random = new SeededRandom(options.seed ?? 'twin-world');
  const names = ['builder', 'other', 'visitor'];
  const users = names.map((name) => server.connect(name).userId);
  const levels = Object.fromEntries(users.slice(0, 2).map((user) => [user, 25]));
  const room = await createWorldRoom(server.connect('owner'), {
    title: 'Twin',
    access: 'private',
    invite: users,
    levels,
    timers,
    random: random.bytes,
  });

  async function open(
    name: string,
    { guardian = false, disk, offline = false }: OpenOptions = {},
  ): Promise<TwinClient> {
    const homeserver = disk === undefined ? server.connect(name) : server.connectDevice(name);
    homeserver.faults.offline = offline;
    const replica = new Replica({
      actor: newActorId(random.bytes),
      now: () => timers.now() + homeserver.serverOffsetMs(),
    });
    const journal = disk === undefined ? null : await journalOn(disk, { homeserver, replica });
    const opening = openRoom({
      homeserver,
      room,
      replica,
      timers,
      random: random.fork(name).bytes,
      guardian,
      ...(journal === null ? {} : { journal }),
    });
    const session = await opening;
    const client: TwinClient = {
      homeserver,
      replica,
      session,
      journal,
      changes: [],
      settled: [],
      refused: [],
      problems: [],
      edit(id, properties) {
        const patch = editOf(replica, id, properties);
        session.write(patch, 'local');
        return patch;
      },
    };
    session.on('change', (change) => client.changes.push(change));
    session.on('settled', (settled) => client.settled.push(...settled));
    session.on('refused', (refused) => client.refused.push(refused));
    session.on('problem', (problem) => client.problems.push(problem));
    return client;
  }

  async function journalOn(
    disk: TwinDisk,
    { homeserver, replica }: Pick<TwinClient, 'homeserver' | 'replica'>,
  ): Promise<Journal> {
    const store = await disk.open(STORE);
    const user = homeserver.userId;
    const opened = await openRoomJournal({ store, user, room, replica, timers, random: random.bytes });
    if (opened.kind === 'damaged') throw opened.error;
    return opened.journal;
  }

  return {
    timers,
    server,
    room,
    owner: await open('owner'),
    open,
    journalOn,
    writes: ({ homeserver }) =>
      server.log.filter((line) => line.startsWith(`${homeserver.userId} write world.weft.object`)).length,
    written: ({ homeserver }) => {
      const start = `${homeserver.userId} write world.weft.`;
      return server.log.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
    },
    forbidBundles: async () => {
      const found = server.room('forbid bundles', room);
      const levels = found.current('m.room.power_levels', '')?.content ?? {};
      const events = { ...Object(levels.events), 'world.weft.bundle': 100 };
      const content = { ...levels, events };
      server.append(found, { type: 'm.room.power_levels', sender: found.creator, stateKey: '', content });
      await timers.advance(10_000);
    },
  };
}

/** A patch of this client, stamped now. */
export function editOf(replica: Replica, id: string, properties: Readonly<Record<string, unknown>>): Patch {
  const stamp = replica.clock.issue();
  return patchOf({
    registers: Object.entries(properties).map(([path, value]) => ({
      id: parseObjectId(id),
      path: parsePath(path),
      register: { value: normaliseValue(value, path), stamp },
    })),
  });
}

/** What the scene shows of a property. */
export function shown(client: TwinClient, id: string, path: string): unknown {
  return client.replica.scene.get(parseObjectId(id))?.get(parsePath(path));
}

/** A server that refuses whatever state says this text, be it packed in a bundle. */
export function refusing(
  text: string,
  status: number,
  errcode: string,
): (state: StateContent) => Fault | null {
  return ({ type, stateKey, content }) => {
    const values = type === BUNDLE_EVENT ? valuesOf(stateKey, content) : [JSON.stringify(content)];
    return values.some((value) => value.includes(text)) ? { kind: 'answer', status, errcode } : null;
  };
}

function valuesOf(stateKey: string, content: StateContent['content']): string[] {
  const file = typeof content.patch === 'string' ? fromBase64Url(content.patch) : undefined;
  if (file === undefined) throw new TypeError(`${stateKey} holds no patch`);
  const { patch } = decodePatch(file, { carrier: stateKey });
  return [...entriesOf(patch)].map(({ register }) => canonicalJson(register.value));
}

/** What the bundles of a user say now, as the room has them. */
export function bundlesOf(world: TwinWorld, { homeserver }: TwinClient) {
  const room = world.server.room('look', world.room);
  return Array.from({ length: BUNDLE_SLOTS }, (_, slot) =>
    writerKey(homeserver.userId, slot, BUNDLE_SLOTS),
  ).flatMap((stateKey) => {
    const event = room.current(BUNDLE_EVENT, stateKey);
    if (event === undefined) return [];
    return [decodeBundle({ stateKey, content: event.content, sender: homeserver.userId }).patch];
  });
}

/** Text that does not deflate. */
export function noise(length: number, seed: string): string {
  let state = [...seed].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 2_147_483_647, 7);
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
}
