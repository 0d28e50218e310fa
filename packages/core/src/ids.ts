import { toBase64Url } from './base64url.ts';
import { WeftError } from './errors.ts';
import { showHostile } from './value/plain-record.ts';
import { utf8Length } from './value/utf8.ts';

declare const brand: unique symbol;
/** A primitive that only its own parser can make. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** An object of the graph: `[A-Za-z0-9_-]{1,64}`, random, never reused. */
export type ObjectId = Branded<string, 'ObjectId'>;
/** A running client: 72 random bits in base64url; a hand-written event counts as the actor named by its sender. */
export type ActorId = Branded<string, 'ActorId'>;
/** A Matrix user: `@local:server`, at most 255 bytes. */
export type UserId = Branded<string, 'UserId'>;
/** One property of one component, `component.property`: the unit of merging within an object. */
export type Path = Branded<string, 'Path'>;

/** Fills an array with random bytes; `crypto.getRandomValues` in products, a seeded generator in tests. */
export type RandomBytes = (length: number) => Uint8Array;

const MAX_ID_CHARACTERS = 64;
const LEAST_ACTOR_ID_CHARACTERS = 8;
const PERSONAL_OBJECT_ID = /^u_[A-Za-z0-9_-]{22}_/;
// The server part of a user id is not judged here: the homeserver vouches for senders.
const USER_ID = /^@[^\0:]{0,253}:[^\0\s]{1,253}$/;
const COMPONENT = /^[a-z][A-Za-z0-9_]{0,31}(:[a-zA-Z][A-Za-z0-9_-]{0,63})?$/;
const PROPERTY = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const MAX_USER_ID_BYTES = 255;
const MAX_UTF8_BYTES_A_UNIT = 3;
const OBJECT_ID_BYTES = 16;
const ACTOR_ID_BYTES = 9;

/** Names that would reach an object's prototype; refused everywhere, whatever container holds them. */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const LONGEST_FORBIDDEN_NAME = Math.max(...Array.from(FORBIDDEN_NAMES, ({ length }) => length));

/** The component name that events keep for their stamps; no component may be called so. */
export const RESERVED_COMPONENT = 'w';

/** The implicit top of every world. It has no registers and cannot be changed. */
export const ROOT = 'root' as ObjectId;

export function isObjectId(text: unknown): text is ObjectId {
  return typeof text === 'string' && isIdText(text, 1);
}

/** Ids of the form `u_<22 characters of the owner's hash>_<random>` belong to one user's own carrier and no other. */
export function isPersonalObjectId(id: ObjectId): boolean {
  return id.startsWith('u_') && PERSONAL_OBJECT_ID.test(id);
}

/** @throws WeftError `invalid-id` */
export function parseObjectId(text: unknown): ObjectId {
  if (isObjectId(text)) return text;
  throw new WeftError('invalid-id', {
    what: 'read an object id',
    expected: '1 to 64 of A-Z a-z 0-9 _ -',
    got: showHostile(text),
    hint: 'Use the id that the world gave the object, or omit it to get a new one.',
  });
}

/** A new id of 128 random bits. */
export function newObjectId(random: RandomBytes): ObjectId {
  return toBase64Url(random(OBJECT_ID_BYTES)) as ObjectId;
}

/** Accepts a random actor id or a user id (the actor of a hand-written event). */
export function isActorId(text: unknown): text is ActorId {
  return typeof text === 'string' && (isIdText(text, LEAST_ACTOR_ID_CHARACTERS) || isUserId(text));
}

/** A new id of 72 random bits, for one running client. */
export function newActorId(random: RandomBytes): ActorId {
  return toBase64Url(random(ACTOR_ID_BYTES)) as ActorId;
}

/** The actor under which a hand-written event of this user is stamped. */
export function actorOfUser(user: UserId): ActorId {
  return user as string as ActorId;
}

/** The user whose hand-written events go under this actor; `null` for a running client. */
export function userOfActor(actor: ActorId): UserId | null {
  return actor.startsWith('@') ? (actor as string as UserId) : null;
}

export function isUserId(text: unknown): text is UserId {
  return (
    typeof text === 'string' &&
    USER_ID.test(text) &&
    text.isWellFormed() &&
    (text.length * MAX_UTF8_BYTES_A_UNIT <= MAX_USER_ID_BYTES || utf8Length(text) <= MAX_USER_ID_BYTES)
  );
}

/** @throws WeftError `invalid-id` */
export function parseUserId(text: unknown): UserId {
  if (isUserId(text)) return text;
  throw new WeftError('invalid-id', {
    what: 'read a Matrix user id',
    expected: '@name:server, at most 255 bytes',
    got: showHostile(text),
    hint: 'Write the whole id, with the server after the colon.',
  });
}

export function isComponentName(text: string): boolean {
  return COMPONENT.test(text) && text !== RESERVED_COMPONENT && !FORBIDDEN_NAMES.has(text);
}

export function isPropertyName(text: string): boolean {
  return PROPERTY.test(text) && !FORBIDDEN_NAMES.has(text);
}

const paths = new Map<string, Path>();
// Bounds the intern table against a room that invents names; past it paths still work, unshared.
const MAX_INTERNED_PATHS = 65_536;

/** `component` and `property` joined; equal paths are one shared string. `undefined` where a name is illegal. */
export function pathOf(component: string, property: string): Path | undefined {
  const text = `${component}.${property}`;
  const known = paths.get(text);
  if (known !== undefined) return known;
  if (!isComponentName(component) || !isPropertyName(property)) return undefined;
  if (paths.size < MAX_INTERNED_PATHS) paths.set(text, text as Path);
  return text as Path;
}

/** The path that a text names; `undefined` where it names none. */
export function readPath(text: string): Path | undefined {
  const known = paths.get(text);
  if (known !== undefined) return known;
  const dot = text.indexOf('.');
  return dot < 0 ? undefined : pathOf(text.slice(0, dot), text.slice(dot + 1));
}

/**
 * Whether it is of A-Z a-z 0-9 _ -, so many at least and at most 64, and no forbidden name. Every edit asks it of several ids, as a rule
 * after a while in which nobody did: to call up a pattern takes several times as long then.
 */
function isIdText(text: string, least: number): boolean {
  const { length } = text;
  if (length < least || length > MAX_ID_CHARACTERS) return false;
  for (let at = 0; at < length; at++) if (!isIdUnit(text.charCodeAt(at))) return false;
  return length > LONGEST_FORBIDDEN_NAME || !FORBIDDEN_NAMES.has(text);
}

function isIdUnit(unit: number): boolean {
  if (unit >= 0x61) return unit <= 0x7a;
  if (unit >= 0x41) return unit <= 0x5a || unit === 0x5f;
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2d;
}

/** @throws WeftError `invalid-id` unless the text is `component.property` */
export function parsePath(text: unknown): Path {
  const path = typeof text === 'string' ? readPath(text) : undefined;
  if (path !== undefined) return path;
  throw new WeftError('invalid-id', {
    what: 'read the name of a property',
    expected: 'component.property, such as transform.position or acme:door.open',
    got: showHostile(text),
    hint: 'Components of your own carry a vendor prefix and a colon; property names hold no dot.',
  });
}

export function componentOf(path: Path): string {
  return path.slice(0, path.indexOf('.'));
}

export function propertyOf(path: Path): string {
  return path.slice(path.indexOf('.') + 1);
}
