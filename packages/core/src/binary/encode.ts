import { sha256 } from '@noble/hashes/sha2.js';
import type { Patch } from '../register/patch.ts';
import type { Time } from '../stamp/stamp.ts';
import { beyondLimit } from './bad-file.ts';
import { ByteWriter } from './byte-writer.ts';
import { type FileInfo, infoJson } from './file-info.ts';
import { HEADER_BYTES, headerOf } from './header.ts';
import { MAX_BLOB_BYTES, MAX_SECTION_BYTES, MAX_SECTION_IDS } from './limits.ts';
import { packIds } from './packed-ids.ts';
import { SECTION, writeSection } from './section.ts';
import { writeStrings } from './string-queue.ts';
import { writeBlocks } from './write-block.ts';
import { WriteTables } from './write-tables.ts';

/**
 * A patch as a file: the content of `.weft` files and of snapshot blobs, laid out as `protocol-spec/binary.md` says.
 * Equal patches give equal bytes, whatever order they were put together in. Takes about 10 µs an object.
 *
 * @throws WeftError `limit` for more than a file may hold: 64 MiB, 500,000 objects, 5,000,000 registers, 2,048
 *   properties an object
 */
export function encodePatch(patch: Patch, info: FileInfo = {}): Uint8Array<ArrayBuffer> {
  const tables = new WriteTables(patch);
  const body = new ByteWriter();
  writeHead(body, tables, info);
  writeTables(body, tables);
  writeClaims(body, patch, tables);
  writePurges(body, patch, tables);
  writeBlocks(body, patch, tables);
  const bytes = body.take();
  if (HEADER_BYTES + bytes.length > MAX_BLOB_BYTES)
    throw beyondLimit('write a Weft file', `at most ${MAX_BLOB_BYTES} bytes`, String(bytes.length));
  const file = new Uint8Array(HEADER_BYTES + bytes.length);
  file.set(headerOf(bytes.length, sha256(bytes)));
  file.set(bytes, HEADER_BYTES);
  return file;
}

function writeHead(body: ByteWriter, tables: WriteTables, info: FileInfo): void {
  const head = new ByteWriter();
  for (const list of [tables.objectIds, tables.mentionedIds]) {
    head.varint(list.packed.length);
    head.varint(list.other.length);
  }
  for (const table of [tables.paths, tables.actors, tables.users, tables.sharedTexts])
    head.varint(table.length);
  head.bytes(new TextEncoder().encode(infoJson(info)));
  writeSection(body, SECTION.head, head.take());
}

function writeTables(body: ByteWriter, tables: WriteTables): void {
  writeStrings(body, [
    ...tables.objectIds.other,
    ...tables.mentionedIds.other,
    ...tables.paths,
    ...tables.actors,
    ...tables.users,
    ...tables.sharedTexts,
  ]);
  const packed = [...tables.objectIds.packed, ...tables.mentionedIds.packed];
  for (let at = 0; at < packed.length; at += MAX_SECTION_IDS)
    writeSection(body, SECTION.ids, packIds(packed.slice(at, at + MAX_SECTION_IDS)));
}

function writeClaims(body: ByteWriter, patch: Patch, tables: WriteTables): void {
  if (patch.actors.size === 0) return;
  const claims = new ByteWriter();
  claims.varint(patch.actors.size);
  for (const [at, actor] of tables.actors.entries()) {
    const users = patch.actors.get(actor);
    if (users === undefined) continue;
    claims.varint(at);
    claims.varint(users.size);
    for (const index of [...users].map((user) => tables.userIndex(user)).sort((a, b) => a - b))
      claims.varint(index);
  }
  writeSection(body, SECTION.claims, claims.take());
}

function writePurges(body: ByteWriter, patch: Patch, tables: WriteTables): void {
  const purges: [number, Time][] = [];
  for (const [at, id] of tables.objects.entries()) {
    const purge = patch.objects.get(id)?.purge ?? null;
    if (purge !== null) purges.push([at, purge]);
  }
  for (let from = 0; from < purges.length; from += MAX_SECTION_PURGES) {
    const section = new ByteWriter();
    for (const [at, time] of purges.slice(from, from + MAX_SECTION_PURGES)) {
      section.varint(at);
      section.varint(time);
    }
    writeSection(body, SECTION.purges, section.take());
  }
}

/** An index of at most 3 bytes and a time of at most 8 for each. */
const MAX_SECTION_PURGES = Math.floor(MAX_SECTION_BYTES / 16);
