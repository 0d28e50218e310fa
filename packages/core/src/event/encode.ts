import { WeftError } from '../errors.ts';
import { type ActorId, componentOf, isUserId, type Path, propertyOf, type UserId } from '../ids.ts';
import type { ActorClaims } from '../register/actors.ts';
import type { Register } from '../register/register.ts';
import { compareStamps, type Stamp, type Time } from '../stamp/stamp.ts';
import { canonicalJson } from '../value/canonical.ts';
import { utf8Length } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';
import { encodeWireValue, hasOnlySafeIntegers } from '../value/wire.ts';
import { contentHash, type EventContent } from './event-json.ts';
import { MAX_OBJECT_COMPONENTS, MAX_OBJECT_EVENT_BYTES } from './limits.ts';

/** What one object event is to hold. */
export interface ObjectEventParts {
  readonly registers: ReadonlyMap<Path, Register>;
  /** Claims for the table of the event; those of actors without a register here are left out. */
  readonly actors: ActorClaims;
  /** Until when the object was purged: told again by every later event, for readers who missed the one that did it. */
  readonly purge?: Time | null;
  /** Keys of `w` that another program wrote and this one does not know; left out where they no longer fit. */
  readonly extra?: EventContent;
  /** Who will send it: readers take the event's sender for the user of `w.a`, so that claim need not be written. */
  readonly sender?: UserId;
}

/**
 * The content of a `world.weft.object` event: plain JSON that a homeserver accepts. `decodeObjectEvent` reads back
 * the same registers, claims and purge.
 *
 * @throws WeftError `limit` past 8192 bytes or 64 components; `invalid-value` without a register, since an event
 *   with nothing in it is a purge
 */
export function encodeObjectEvent(parts: ObjectEventParts): EventContent {
  const content = encodeRegisters(parts.registers);
  const stamps = encodeStamps(parts, contentHash(content));
  const extra = Object.entries(parts.extra ?? {}).filter(([, value]) => hasOnlySafeIntegers(value));
  const whole = { ...content, w: record([...extra, ...Object.entries(stamps)]) };
  if (extra.length > 0 && bytesOf(whole) <= MAX_OBJECT_EVENT_BYTES) return whole;
  const bare = { ...content, w: stamps };
  const bytes = bytesOf(bare);
  if (bytes > MAX_OBJECT_EVENT_BYTES) throw tooLarge(`${MAX_OBJECT_EVENT_BYTES} bytes`, `${bytes} bytes`);
  return bare;
}

function encodeRegisters(registers: ReadonlyMap<Path, Register>): EventContent {
  const components = new Map<string, [string, Value][]>();
  for (const [path, { value }] of registers) {
    const name = componentOf(path);
    const properties = components.get(name);
    const property: [string, Value] = [propertyOf(path), encodeWireValue(value)];
    if (properties === undefined) components.set(name, [property]);
    else properties.push(property);
  }
  if (components.size > MAX_OBJECT_COMPONENTS)
    throw tooLarge(`${MAX_OBJECT_COMPONENTS} components`, `${components.size} components`);
  if (components.size === 0)
    throw new WeftError('invalid-value', {
      what: 'write an object event',
      expected: 'at least one register',
      got: 'none',
      hint: 'An empty event would purge the object: redact it if that is meant.',
      by: 'developer',
    });
  return record([...components].map(([name, properties]) => [name, record(properties)]));
}

function encodeStamps({ registers, actors, purge, sender }: ObjectEventParts, hash: string): EventContent {
  const common = mostCommonStamp(registers);
  const exceptions: [string, Value][] = [];
  const authors = new Set<ActorId>([common.actor]);
  for (const [path, { stamp }] of registers) {
    authors.add(stamp.actor);
    if (compareStamps(stamp, common) !== 0) exceptions.push([path, [stamp.time, stamp.actor]]);
  }
  const claims: [string, Value][] = [];
  for (const actor of authors) {
    const claim = encodeClaim(actor, [...(actors.get(actor) ?? [])], actor === common.actor, sender);
    if (claim !== undefined) claims.push([actor, claim]);
  }
  const stamps: [string, Value][] = [
    ['t', common.time],
    ['a', common.actor],
    ['h', hash],
  ];
  if (purge != null) stamps.push(['p', purge]);
  if (exceptions.length > 0) stamps.push(['x', record(exceptions)]);
  if (claims.length > 0) stamps.push(['u', record(claims)]);
  return record(stamps);
}

// A reader who finds no claim for the main actor takes the sender for it, so "nobody knows" has to be written too.
function encodeClaim(
  actor: ActorId,
  users: readonly UserId[],
  isMain: boolean,
  sender: UserId | undefined,
): Value | undefined {
  const [user, ...others] = users;
  if (user === undefined) return isMain && !isUserId(actor) ? [] : undefined;
  if (others.length > 0) return users;
  return isMain && user === sender && !isUserId(actor) ? undefined : user;
}

function mostCommonStamp(registers: ReadonlyMap<Path, Register>): Stamp {
  const counts = new Map<string, { stamp: Stamp; count: number }>();
  for (const { stamp } of registers.values()) {
    const key = `${stamp.time} ${stamp.actor}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { stamp, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].reduce((best, next) => {
    const order = next.count - best.count || compareStamps(next.stamp, best.stamp);
    return order > 0 ? next : best;
  }).stamp;
}

function record(entries: Iterable<readonly [string, Value]>): EventContent {
  return Object.fromEntries(entries);
}

function bytesOf(content: EventContent): number {
  return utf8Length(canonicalJson(content));
}

function tooLarge(bound: string, got: string): WeftError {
  return new WeftError('limit', {
    what: 'write an object event',
    expected: `at most ${bound} an object`,
    got,
    hint: 'Split the object in several, or keep large content in an asset and store its address.',
  });
}
