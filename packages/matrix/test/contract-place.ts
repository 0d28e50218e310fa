import { newActorId, type UserId } from '@weft/core';
import {
  type CreateRoomRequest,
  type Homeserver,
  HomeserverError,
  type HomeserverErrorCode,
  type JsonRecord,
  type ReceivedToDevice,
  type RoomId,
  type RoomUpdate,
  worldPowerLevels,
} from '@weft/matrix';
import { expect } from 'vitest';

/**
 * Where a homeserver does something else than Synapse. The cases say what it does instead, so that a change is noticed;
 * decision 0054 says what follows for worlds.
 */
export type Difference =
  | 'drops levels that it does not know'
  | 'answers forbidden to a creator among the users'
  | 'does not say what an event replaced'
  | 'dates a redaction in the state by the redacted event'
  | 'redacts known events only'
  | 'takes a lone surrogate'
  | 'calls what is too large malformed'
  | 'has other errors for a room that is not there'
  | 'fails on who may not join a restricted room'
  | 'reads history forward from a token only'
  | 'shows a stranger a history without events'
  | 'knows no fields of profiles';

/** What the suite needs besides the port: several users, and a way to let time pass. */
export interface ContractHarness {
  connect(name: string): Promise<Homeserver>;
  /** Another device of a user. */
  otherDevice(of: Homeserver): Promise<Homeserver>;
  /** Changes somebody's membership, as that user's homeserver would. */
  setMembership(by: Homeserver, room: RoomId, user: UserId, change: 'kick' | 'ban' | 'invite'): Promise<void>;
  /** Lets syncs be answered; the virtual clock of a twin, real time on a real server. */
  pass(ms: number): Promise<void>;
  /** Whether following begins with the whole state; a client of the caller's has synced long ago. */
  readonly startsWhole: boolean;
  /** The server's clock minus that of the clients. */
  readonly clockOffsetMs: number;
  /** Which transports for live sessions it offers, in both places. Default: none. */
  readonly transports?: readonly JsonRecord[];
  /** Default: none. */
  readonly differences?: ReadonlySet<Difference>;
  stop(): Promise<void>;
}

export const OBJECT = 'world.weft.object';
/** How often it is looked whether something came, and how often at most: 20 s. */
const LOOK_MS = 50;
const MAX_LOOKS = 400;

/** What a user was told of a room. */
export interface Followed {
  readonly updates: RoomUpdate[];
  readonly continued: boolean;
  readonly stop: () => void;
}

export interface Listening {
  readonly heard: ReceivedToDevice[];
  readonly stop: () => void;
}

/** A room with three people in it, and somebody who is not. */
export class ContractPlace {
  readonly harness: ContractHarness;
  readonly owner: Homeserver;
  readonly builder: Homeserver;
  readonly visitor: Homeserver;
  readonly stranger: Homeserver;
  readonly room: RoomId;

  private constructor(
    harness: ContractHarness,
    [owner, builder, visitor, stranger]: readonly [Homeserver, Homeserver, Homeserver, Homeserver],
    room: RoomId,
  ) {
    this.harness = harness;
    this.owner = owner;
    this.builder = builder;
    this.visitor = visitor;
    this.stranger = stranger;
    this.room = room;
  }

  static async make(harness: ContractHarness): Promise<ContractPlace> {
    const [owner, builder, visitor, stranger] = await Promise.all([
      harness.connect('owner'),
      harness.connect('builder'),
      harness.connect('visitor'),
      harness.connect('stranger'),
    ]);
    const room = await owner.createRoom(
      request({ invite: [builder.userId, visitor.userId], builder: builder.userId }),
    );
    await builder.join(room, []);
    await visitor.join(room, []);
    return new ContractPlace(harness, [owner, builder, visitor, stranger], room);
  }

  async follow(who: Homeserver, since: string | null = null): Promise<Followed> {
    const updates: RoomUpdate[] = [];
    const following = await who.follow(
      this.room,
      { update: (update) => updates.push(update), connection: () => undefined },
      since === null ? {} : { since },
    );
    return { updates, continued: following.continued, stop: () => following.stop() };
  }

  /** Hears what comes for a device while it follows a room, if it can. */
  async listen(who: Homeserver, of: RoomId | null = this.room): Promise<Listening> {
    const heard: ReceivedToDevice[] = [];
    const unhear = who.onToDevice((message) => heard.push(message));
    const silent = { update: () => undefined, connection: () => undefined };
    const following = of === null ? null : await who.follow(of, silent);
    return {
      heard,
      stop() {
        unhear();
        following?.stop();
      },
    };
  }

  until(done: () => boolean | Promise<boolean>): Promise<void> {
    return untilPassed(this.harness, done);
  }

  async stop(): Promise<void> {
    for (const homeserver of [this.owner, this.builder, this.visitor, this.stranger]) homeserver.stop();
    await this.harness.stop();
  }
}

/** Lets time pass until something is so; fails after 20 s of it. */
export async function untilPassed(
  harness: Pick<ContractHarness, 'pass'>,
  done: () => boolean | Promise<boolean>,
): Promise<void> {
  let isDone = await done();
  for (let looks = 0; looks < MAX_LOOKS && !isDone; looks += 1) {
    await harness.pass(LOOK_MS);
    isDone = await done();
  }
  expect(isDone, String(done)).toBe(true);
}

export function request(options: {
  readonly invite?: readonly UserId[];
  readonly builder?: UserId;
  readonly seed?: CreateRoomRequest['initialState'];
}): CreateRoomRequest {
  const levels = options.builder === undefined ? {} : { [options.builder]: 25 };
  return {
    name: 'Contract',
    access: 'private',
    roomVersion: '12',
    creation: { type: 'world.weft', mark: 'x' },
    aliasLocalpart: null,
    invite: options.invite ?? [],
    powerLevels: worldPowerLevels('private', levels),
    initialState: options.seed ?? [],
  };
}

export function key(): string {
  return newActorId((length) => crypto.getRandomValues(new Uint8Array(length)));
}

export function serverName(homeserver: Homeserver): string {
  return homeserver.userId.slice(homeserver.userId.indexOf(':') + 1);
}

export async function refuses(
  attempt: Promise<unknown>,
  code: HomeserverErrorCode | 'accepted',
): Promise<void> {
  expect(await codeOf(attempt)).toBe(code);
}

export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'accepted';
  } catch (error) {
    return error instanceof HomeserverError ? error.code : String(error);
  }
}
