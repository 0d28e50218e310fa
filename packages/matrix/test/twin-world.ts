import {
  type ChangeSet,
  newActorId,
  normaliseValue,
  type ObjectId,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  Replica,
  type Settled,
} from '@weft/core';
import {
  createWorldRoom,
  type HomeserverError,
  openRoom,
  type RoomId,
  type RoomProblem,
  type RoomSession,
} from '@weft/matrix';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { type TwinHomeserver, TwinServer, type TwinServerOptions } from '@weft/testing/homeserver';

/** One client of the twin: a connection, a replica, a session, and all that the session said. */
export interface TwinClient {
  readonly homeserver: TwinHomeserver;
  readonly replica: Replica;
  readonly session: RoomSession;
  readonly changes: ChangeSet[];
  readonly settled: Settled[];
  readonly refused: { readonly ids: readonly ObjectId[]; readonly error: HomeserverError }[];
  readonly problems: RoomProblem[];
  /** Makes an edit as the world would. */
  edit(id: string, properties: Readonly<Record<string, unknown>>): Patch;
}

export interface TwinWorld {
  readonly timers: FakeTimers;
  readonly server: TwinServer;
  readonly room: RoomId;
  readonly owner: TwinClient;
  /** Opens the world as this user, who is a builder. */
  open(name: string, options?: { readonly guardian?: boolean }): Promise<TwinClient>;
  /** How many object events a user's requests tried to write. */
  writes(client: TwinClient): number;
}

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

  async function open(name: string, { guardian = false } = {}): Promise<TwinClient> {
    const homeserver = server.connect(name);
    const replica = new Replica({
      actor: newActorId(random.bytes),
      now: () => timers.now() + homeserver.serverOffsetMs(),
    });
    const opening = openRoom({
      homeserver,
      room,
      replica,
      timers,
      random: random.fork(name).bytes,
      guardian,
    });
    const session = await opening;
    const client: TwinClient = {
      homeserver,
      replica,
      session,
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

  return {
    timers,
    server,
    room,
    owner: await open('owner'),
    open,
    writes: ({ homeserver }) =>
      server.log.filter((line) => line.startsWith(`${homeserver.userId} write world.weft.object`)).length,
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
