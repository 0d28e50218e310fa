import {
  type ActorId,
  isActorId,
  isObjectId,
  isUserId,
  type ObjectId,
  type Path,
  pathOf,
  ROOT,
  type UserId,
} from '../ids.ts';
import type { Value } from '../value/value.ts';
import { badFile } from './bad-file.ts';
import { ByteReader } from './byte-reader.ts';
import { type FileInfo, readInfo } from './file-info.ts';
import {
  MAX_BLOB_IDS,
  MAX_BLOB_OBJECTS,
  MAX_BLOB_PATHS,
  MAX_BLOB_STRINGS,
  MAX_SECTION_IDS,
} from './limits.ts';
import { PACKED_ID_BYTES, unpackIds } from './packed-ids.ts';
import type { ProblemList } from './problem-list.ts';
import { ListedValues } from './read-values.ts';
import type { StringQueue } from './string-queue.ts';
import { readTexts } from './text-value.ts';

/** How many entries each table has, as the head says; nothing is allocated on the strength of it. */
export interface Head {
  readonly packedObjects: number;
  readonly otherObjects: number;
  readonly packedMentioned: number;
  readonly otherMentioned: number;
  readonly paths: number;
  readonly actors: number;
  readonly users: number;
  readonly sharedTexts: number;
  readonly info: FileInfo;
}

/** The tables of a file. An entry that is malformed is `null`: what uses it is dropped alone. */
export interface ReadTables {
  /** Objects first, in the order of the blocks, then ids that are only mentioned: what values may refer to. */
  readonly ids: ListedValues;
  readonly objects: readonly (ObjectId | null)[];
  readonly paths: readonly (Path | null)[];
  readonly actors: readonly (ActorId | null)[];
  readonly users: readonly (UserId | null)[];
  readonly sharedTexts: ListedValues;
}

export function readHead(content: Uint8Array, problems: ProblemList): Head {
  const reader = new ByteReader(content);
  const head = {
    packedObjects: reader.count(MAX_BLOB_OBJECTS, 'objects'),
    otherObjects: reader.count(MAX_BLOB_OBJECTS, 'objects'),
    packedMentioned: reader.count(MAX_BLOB_IDS, 'ids'),
    otherMentioned: reader.count(MAX_BLOB_IDS, 'ids'),
    paths: reader.count(MAX_BLOB_PATHS, 'paths'),
    actors: reader.count(MAX_BLOB_STRINGS, 'actors'),
    users: reader.count(MAX_BLOB_STRINGS, 'users'),
    sharedTexts: reader.count(MAX_BLOB_STRINGS, 'texts'),
  };
  const objects = head.packedObjects + head.otherObjects;
  if (objects > MAX_BLOB_OBJECTS) throw badFile(`at most ${MAX_BLOB_OBJECTS} objects`, String(objects));
  const ids = objects + head.packedMentioned + head.otherMentioned;
  if (ids > MAX_BLOB_IDS) throw badFile(`at most ${MAX_BLOB_IDS} ids`, String(ids));
  return { ...head, info: infoOf(reader.rest(), problems) };
}

/** Ids of one section. */
export function readIds(content: Uint8Array): ObjectId[] {
  if (content.length % PACKED_ID_BYTES !== 0 || content.length > MAX_SECTION_IDS * PACKED_ID_BYTES)
    throw badFile(`ids of ${PACKED_ID_BYTES} bytes, at most ${MAX_SECTION_IDS}`, `${content.length} bytes`);
  return unpackIds(content);
}

/** The tables, once all of their sections are there. */
export function readTables(
  head: Head,
  packed: readonly ObjectId[],
  strings: StringQueue,
  problems: ProblemList,
): ReadTables {
  if (packed.length !== head.packedObjects + head.packedMentioned)
    throw badFile(`${head.packedObjects + head.packedMentioned} packed ids`, `${packed.length}`);
  const packedObjects = packed.slice(0, head.packedObjects);
  const otherObjects = strings.take(head.otherObjects);
  const otherMentioned = strings.take(head.otherMentioned);
  return {
    ids: new ListedValues(
      listOf<Value | undefined>(
        packedObjects,
        readTexts(otherObjects),
        packed.slice(head.packedObjects),
        readTexts(otherMentioned),
      ),
    ),
    objects: listOf<ObjectId | null>(
      packedObjects,
      otherObjects.map((text) => checked('object id', text, readObjectId, problems)),
    ),
    paths: distinct('paths', strings.take(head.paths)).map((text) =>
      checked('path', text, readPath, problems),
    ),
    actors: strings.take(head.actors).map((text) => checked('actor', text, readActor, problems)),
    users: strings.take(head.users).map((text) => checked('user', text, readUser, problems)),
    sharedTexts: new ListedValues(readTexts(strings.take(head.sharedTexts))),
  };
}

/** Lists one after another; copies whole lists, which spreading them does not. */
function listOf<T>(...lists: readonly (readonly T[])[]): readonly T[] {
  const none: T[] = [];
  return none.concat(...lists);
}

function infoOf(json: Uint8Array, problems: ProblemList): FileInfo {
  if (json.length === 0) return {};
  try {
    // A byte order mark stays, and is no JSON.
    const info: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json));
    return readInfo(info, (name, reason) => problems.add(name, reason));
  } catch (cause) {
    throw badFile('a description in JSON', 'something else', cause);
  }
}

function checked<T>(
  what: string,
  text: string,
  read: (text: string) => T | undefined,
  problems: ProblemList,
): T | null {
  const result = read(text);
  if (result === undefined)
    problems.add(null, `the ${what} ${JSON.stringify(text.slice(0, 100))} is not allowed`);
  return result ?? null;
}

function readObjectId(text: string): ObjectId | undefined {
  return isObjectId(text) && text !== ROOT ? text : undefined;
}

function readPath(text: string): Path | undefined {
  const dot = text.indexOf('.');
  return dot < 0 ? undefined : pathOf(text.slice(0, dot), text.slice(dot + 1));
}

function readActor(text: string): ActorId | undefined {
  return isActorId(text) ? text : undefined;
}

function readUser(text: string): UserId | undefined {
  return isUserId(text) ? text : undefined;
}

function distinct(what: string, texts: readonly string[]): readonly string[] {
  if (new Set(texts).size < texts.length) throw badFile(`different ${what}`, 'one of them twice');
  return texts;
}
