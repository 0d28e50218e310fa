import {
  encodeObjectEvent,
  type Patch,
  type RandomBytes,
  toBase64Url,
  type UserId,
  type Value,
  WeftError,
} from '@weft/core';
import { openSlotContent, type RelayTransport, RTC_SLOT_ID, SLOT_EVENTS } from '@weft/protocol';
import { HomeserverError } from './errors.ts';
import { NONCE_KEY, OBJECT_EVENT, WORLD_EVENT, WORLD_ROOM_TYPE } from './event-types.ts';
import type { CreateRoomRequest, Homeserver } from './homeserver.ts';
import { isRoomAlias, type RoomId, serverOf } from './ids.ts';
import { stringMember } from './json.ts';
import { type Access, ROLE_LEVEL, worldPowerLevels } from './power-levels.ts';
import type { RequestOptions, StateContent } from './request.ts';
import { transportValue } from './rtc/invite-relay.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface CreateWorldRoomOptions {
  /** Shown to people; 1 to 255 characters. */
  readonly title: string;
  /** `#name:server` on this homeserver, or its name alone. */
  readonly alias?: string;
  /** `private`: those invited come in. `public`: whoever knows the address. */
  readonly access: Access;
  readonly invite?: readonly UserId[];
  /** Power levels of others than the creator, who has them all for ever: 25 builder, 50 steward, 100 owner. */
  readonly levels?: Readonly<Record<UserId, number>>;
  /** The first objects: at most `MAX_SEED_OBJECTS`. */
  readonly seed?: Patch;
  /** Relays of the live lane that the world names: invited, with the level of builders where `levels` says no more. */
  readonly relays?: readonly RelayTransport[];
  /** Further state of the room from its first moment, such as rules; one of a key that is written anyhow replaces it. */
  readonly state?: readonly StateContent[];
  /** Further members of the create event. */
  readonly creation?: { readonly [name: string]: Value };
  readonly signal?: AbortSignal;
  readonly timers?: Timers;
  readonly random?: RandomBytes;
}

/** Objects that a room may be created with: a homeserver takes 0.65 s for 100, and far more than twice that for 200. */
export const MAX_SEED_OBJECTS = 100;

/** Whose creators hold infinite power, and whose ids name no server (MSC4289, MSC4291). */
export const WORLD_ROOM_VERSION = '12';

const [SLOT_EVENT] = SLOT_EVENTS;
const MAX_TITLE_CHARACTERS = 255;
const NONCE_BYTES = 16;
const SEARCHES_AFTER_LOST_ANSWER = 5;
const SEARCH_PAUSE_MS = 1000;

/**
 * Makes a room that is a world: version 12, type `world.weft`, power levels of Weft's table, the seed in place. An
 * answer that got lost makes no second room: the first is found by the nonce in its create event.
 *
 * @throws HomeserverError where the homeserver refuses, and `encrypted` where it encrypts every new room
 * @throws WeftError `limit` past `MAX_SEED_OBJECTS`, `invalid-id` for an alias of another server
 */
export async function createWorldRoom(
  homeserver: Homeserver,
  options: CreateWorldRoomOptions,
): Promise<RoomId> {
  const random = options.random ?? ((length: number) => crypto.getRandomValues(new Uint8Array(length)));
  const nonce = toBase64Url(random(NONCE_BYTES));
  const request = requestOf(homeserver, options, nonce);
  const requestOptions: RequestOptions = options.signal === undefined ? {} : { signal: options.signal };
  const before = new Set(await homeserver.joinedRooms(requestOptions));
  let room: RoomId;
  try {
    room = await homeserver.createRoom(request, requestOptions);
  } catch (error) {
    const found = isLostAnswer(error) ? await findLost(homeserver, nonce, before, options) : null;
    if (found === null) throw error;
    room = found;
  }
  await readBack(homeserver, room, requestOptions);
  return room;
}

function requestOf(
  homeserver: Homeserver,
  options: CreateWorldRoomOptions,
  nonce: string,
): CreateRoomRequest {
  const { title, access, alias, relays = [], seed, state = [], creation = {} } = options;
  if (title.trim() === '' || title.length > MAX_TITLE_CHARACTERS)
    throw new WeftError('limit', {
      what: 'create a world',
      expected: `a title of 1 to ${MAX_TITLE_CHARACTERS} characters`,
      got: `${title.length} characters`,
      hint: 'Give it a shorter name.',
    });
  const { [homeserver.userId]: _creator, ...others } = levelsOf(options);
  const named = relays.length === 0 ? {} : { relays: relays.map(transportValue) };
  const invite = new Set([...(options.invite ?? []), ...relays.map(({ user_id: user }) => user)]);
  return {
    name: title,
    access,
    roomVersion: WORLD_ROOM_VERSION,
    creation: { ...creation, type: WORLD_ROOM_TYPE, [NONCE_KEY]: nonce },
    aliasLocalpart: alias === undefined ? null : aliasLocalpart(alias, homeserver),
    invite: [...invite].filter((user) => user !== homeserver.userId),
    powerLevels: worldPowerLevels(access, others),
    initialState: [
      ...(state.some(({ type }) => type === WORLD_EVENT)
        ? []
        : [{ type: WORLD_EVENT, stateKey: '', content: { version: 1, title, ...named } }]),
      ...(state.some(({ type }) => type === SLOT_EVENT)
        ? []
        : [{ type: SLOT_EVENT, stateKey: RTC_SLOT_ID, content: openSlotContent() }]),
      ...state,
      ...(seed === undefined ? [] : seedState(seed, homeserver.userId)),
    ],
  };
}

function levelsOf({ levels = {}, relays = [] }: CreateWorldRoomOptions): Record<UserId, number> {
  return { ...Object.fromEntries(relays.map(({ user_id: user }) => [user, ROLE_LEVEL.builder])), ...levels };
}

function seedState(seed: Patch, sender: UserId): StateContent[] {
  if (seed.objects.size > MAX_SEED_OBJECTS)
    throw new WeftError('limit', {
      what: 'seed a world',
      expected: `at most ${MAX_SEED_OBJECTS} objects`,
      got: `${seed.objects.size} objects`,
      hint: 'Create the world with fewer, open it and add the rest there.',
    });
  return [...seed.objects].map(([id, { registers, purge }]) => ({
    type: OBJECT_EVENT,
    stateKey: id,
    content: encodeObjectEvent({ registers, actors: seed.actors, purge, sender }),
  }));
}

function aliasLocalpart(alias: string, homeserver: Homeserver): string {
  const server = serverOf(homeserver.userId);
  const whole = alias.startsWith('#') ? alias : `#${alias}:${server}`;
  if (isRoomAlias(whole) && serverOf(whole) === server) return whole.slice(1, whole.indexOf(':'));
  throw new WeftError('invalid-id', {
    what: 'create a world with that alias',
    expected: `#name:${server}, or the name alone`,
    got: JSON.stringify(alias),
    hint: 'An alias belongs to the homeserver of the user who makes it.',
  });
}

function isLostAnswer(error: unknown): boolean {
  return error instanceof HomeserverError && (error.code === 'unreachable' || error.code === 'server');
}

// The server may still be at work on it, so it is looked for more than once; `null` leaves the lost answer to stand.
async function findLost(
  homeserver: Homeserver,
  nonce: string,
  before: ReadonlySet<RoomId>,
  { signal, timers = systemTimers }: CreateWorldRoomOptions,
): Promise<RoomId | null> {
  const options: RequestOptions = signal === undefined ? {} : { signal };
  for (let search = 0; search < SEARCHES_AFTER_LOST_ANSWER; search += 1) {
    await new Promise<void>((resolve) => {
      timers.after(SEARCH_PAUSE_MS, resolve);
    });
    const rooms = await homeserver.joinedRooms(options).catch(() => []);
    for (const room of rooms.filter((joined) => !before.has(joined))) {
      const create = await homeserver.readStateEvent(room, 'm.room.create', '', options).catch(() => null);
      if (stringMember(create, NONCE_KEY) === nonce) return room;
    }
  }
  return null;
}

async function readBack(homeserver: Homeserver, room: RoomId, options: RequestOptions): Promise<void> {
  const what = 'create a world';
  const [create, encryption] = await Promise.all([
    homeserver.readStateEvent(room, 'm.room.create', '', options),
    homeserver.readStateEvent(room, 'm.room.encryption', '', options),
  ]);
  if (stringMember(create, 'type') !== WORLD_ROOM_TYPE)
    throw new HomeserverError('not-a-world', {
      what,
      got: `the homeserver made ${room} without the type of a world`,
    });
  if (encryption !== null)
    throw new HomeserverError('encrypted', { what, got: `the homeserver encrypted the new room ${room}` });
}
