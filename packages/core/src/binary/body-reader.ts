import type { ActorId, ObjectId, Path, UserId } from '../ids.ts';
import { actorClaims } from '../register/actors.ts';
import { isPurged, laterPurge, type ObjectPatch, type Patch } from '../register/patch.ts';
import { type RowBlock, summarise } from '../register/patch-summary.ts';
import type { Register } from '../register/register.ts';
import { isTime, type Time } from '../stamp/stamp.ts';
import { badFile, beyondLimit } from './bad-file.ts';
import { ByteReader } from './byte-reader.ts';
import type { FileBounds } from './file-bounds.ts';
import type { FileInfo } from './file-info.ts';
import { MAX_BLOB_REGISTERS } from './limits.ts';
import type { Inflate } from './native-decoding.ts';
import { ProblemList } from './problem-list.ts';
import { ReadBlock } from './read-block.ts';
import { type Head, type ReadTables, readHead, readIds, readTables } from './read-tables.ts';
import { contentOf, SECTION, type SectionFrame } from './section.ts';
import { StringQueue } from './string-queue.ts';

const NOTHING: ReadonlyMap<Path, Register> = new Map();

/** Reads the sections of a body one by one and builds the patch as they come. */
export class BodyReader {
  readonly #problems: ProblemList;
  readonly #bounds: FileBounds;
  readonly #inflate: Inflate | undefined;
  readonly #strings = new StringQueue();
  readonly #packed: ObjectId[] = [];
  readonly #objects = new Map<ObjectId, ObjectPatch>();
  readonly #purges = new Map<number, Time>();
  readonly #claims: [ActorId, UserId[]][] = [];
  readonly #writers = new Set<ActorId>();
  readonly #blocks: RowBlock[] = [];
  #latestStamp: Time | null = null;
  #latestPurge: Time | null = null;
  #head: Head | null = null;
  #tables: ReadTables | null = null;
  #block: ReadBlock | null = null;
  #objectsRead = 0;
  #blocksRead = 0;
  #objectsKept = 0;
  #registers = 0;
  #contentBytes = 0;

  /** @param inflate see `DecodeOptions` */
  constructor(carrier: string, bounds: FileBounds, inflate?: Inflate) {
    this.#problems = new ProblemList(carrier);
    this.#bounds = bounds;
    this.#inflate = inflate;
  }

  get objectsRead(): number {
    return this.#objectsRead;
  }

  /** As the head declares; 0 before it is read. */
  get objectsDeclared(): number {
    return this.#head === null ? 0 : this.#head.packedObjects + this.#head.otherObjects;
  }

  /** @throws WeftError `bad-file`, or `limit` beyond the bounds, before what is too much is inflated or built */
  add(frame: SectionFrame, stored: Uint8Array): void {
    this.#contentBytes += frame.inflatedBytes ?? frame.storedBytes;
    this.#hold(this.#contentBytes, this.#bounds.maxContentBytes, 'bytes of content');
    this.#read(frame.kind, contentOf(frame, stored, this.#inflate));
  }

  #read(kind: number, content: Uint8Array): void {
    if (this.#head === null) {
      if (kind !== SECTION.head) throw badFile('the head section first', `section ${kind}`);
      this.#head = readHead(content, this.#problems);
      this.#hold(this.objectsDeclared, this.#bounds.maxObjects, 'objects');
      return;
    }
    if (this.#block !== null) {
      this.#readColumn(kind, content, this.#block);
      return;
    }
    switch (kind) {
      case SECTION.texts:
        this.#strings.add(content);
        return;
      case SECTION.ids:
        this.#readIds(content);
        return;
      case SECTION.claims:
        this.#readClaims(content, this.#finishTables());
        return;
      case SECTION.purges:
        this.#readPurges(content, this.#finishTables());
        return;
      case SECTION.block:
        this.#block = new ReadBlock(content, this.#objectsRead, this.#finishTables(), this.#problems);
        this.#closeBlock(this.#block);
        return;
      default:
        throw badFile('a known section in its place', `section ${kind}`);
    }
  }

  /** @throws WeftError `bad-file` where something declared is missing */
  finish(): { patch: Patch; info: FileInfo; problems: ProblemList } {
    const tables = this.#finishTables();
    if (this.#block !== null) throw badFile('all columns of a block', 'the end of the file');
    if (this.#objectsRead < tables.objects.length)
      throw badFile(`${tables.objects.length} objects`, `${this.#objectsRead}`);
    if (this.#strings.left > 0) throw badFile('no strings without use', `${this.#strings.left}`);
    const patch = { objects: this.#objects, actors: actorClaims(this.#claims) };
    const latest = { stamp: this.#latestStamp, purge: this.#latestPurge };
    const isSound = this.#purges.size === 0 && this.#blocks.length === this.#blocksRead;
    summarise(patch, { latest, writers: this.#writers, blocks: isSound ? this.#blocks : null });
    return { patch, info: this.#head?.info ?? {}, problems: this.#problems };
  }

  #hold(found: number, most: number | undefined, what: string): void {
    if (most !== undefined && found > most)
      throw beyondLimit('read a Weft file', `at most ${most} ${what}`, String(found));
  }

  #finishTables(): ReadTables {
    if (this.#head === null) throw badFile('the head section first', 'another');
    this.#tables ??= readTables(this.#head, this.#packed, this.#strings, this.#problems);
    return this.#tables;
  }

  #readIds(content: Uint8Array): void {
    if (this.#head === null || this.#tables !== null) throw badFile('ids after the head', 'ids elsewhere');
    const declared = this.#head.packedObjects + this.#head.packedMentioned;
    const ids = readIds(content);
    if (this.#packed.length + ids.length > declared) throw badFile(`${declared} packed ids`, 'more');
    for (const id of ids) this.#packed.push(id);
  }

  #readClaims(content: Uint8Array, tables: ReadTables): void {
    const reader = new ByteReader(content);
    const count = reader.count(Math.floor(reader.left / 2), 'claims in what is left of the section');
    for (let read = 0; read < count; read++) {
      const actor = entryOf(tables.actors, reader.varint(), 'actors');
      const users: UserId[] = [];
      const claimed = reader.count(reader.left, 'users in what is left of the section');
      for (let at = 0; at < claimed; at++) {
        const user = entryOf(tables.users, reader.varint(), 'users');
        if (user !== null) users.push(user);
      }
      if (actor !== null) this.#claims.push([actor, users]);
    }
    reader.end();
  }

  #readPurges(content: Uint8Array, tables: ReadTables): void {
    if (this.#objectsRead > 0) throw badFile('purges before blocks', 'purges after one');
    const reader = new ByteReader(content);
    while (reader.left > 0) {
      const object = reader.varint();
      const time = reader.varint();
      const id = entryOf(tables.objects, object, 'objects');
      if (!isTime(time)) this.#problems.add(null, 'the time of the purge is out of range', id);
      else {
        this.#purges.set(object, laterPurge(this.#purges.get(object) ?? null, time) ?? time);
        this.#latestPurge = laterPurge(this.#latestPurge, time);
      }
    }
  }

  #readColumn(kind: number, content: Uint8Array, block: ReadBlock): void {
    if (kind !== SECTION.column) throw badFile('another column of the block', `section ${kind}`);
    block.addColumn(content, this.#strings);
    this.#closeBlock(block);
  }

  #closeBlock(block: ReadBlock): void {
    if (!block.isWhole) return;
    this.#block = null;
    this.#registers += block.registers;
    if (this.#registers > MAX_BLOB_REGISTERS)
      throw badFile(`at most ${MAX_BLOB_REGISTERS} registers`, String(this.#registers));
    this.#hold(this.#registers, this.#bounds.maxRegisters, 'registers');
    for (const { time, actor } of block.distinctStamps) {
      this.#latestStamp = laterPurge(this.#latestStamp, time);
      this.#writers.add(actor);
    }
    const tables = this.#finishTables();
    this.#blocksRead += 1;
    const ids = tables.objects.slice(this.#objectsRead, this.#objectsRead + block.objects);
    if (block.isSound && isWhole(ids)) this.#blocks.push({ ids, columns: block.columns });
    const [objects, purges] = [this.#objects, this.#purges.size === 0 ? null : this.#purges];
    const rows = block.rows();
    for (let object = 0; object < rows.length; object++) {
      const id = ids[object] ?? null;
      const row = rows[object] ?? null;
      const purge = purges === null ? null : (purges.get(this.#objectsRead + object) ?? null);
      if (id === null || (row === null && purge === null)) continue;
      if (purge !== null)
        objects.set(id, { registers: row === null ? NOTHING : withoutPurged(row, purge), purge });
      else if (row !== null) objects.set(id, row);
      this.#objectsKept += 1;
      if (objects.size < this.#objectsKept) throw badFile('each object once', `${id} twice`);
    }
    this.#objectsRead += block.objects;
  }
}

function isWhole(ids: readonly (ObjectId | null)[]): ids is readonly ObjectId[] {
  return !ids.includes(null);
}

function withoutPurged(registers: ReadonlyMap<Path, Register>, purge: Time): ReadonlyMap<Path, Register> {
  return new Map([...registers].filter(([, register]) => !isPurged(register, purge)));
}

function entryOf<T>(table: readonly T[], index: number, what: string): T {
  const entry = table[index];
  if (entry === undefined) throw badFile(`one of ${table.length} ${what}`, `number ${index}`);
  return entry;
}
