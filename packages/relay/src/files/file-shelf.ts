import { createHash } from 'node:crypto';
import { namesOf } from '@weft/assets/blocks';
import type { UserId } from '@weft/core';
import type { WorldStore } from '@weft/store';
import type { CID } from 'multiformats/cid';
import { BlockIndex } from './block-index.ts';
import type { FileLimits } from './file-limits.ts';
import { decodeNote, encodeNote, type FileNote, type PublishedFile } from './file-note.ts';
import { full } from './file-refusal.ts';
import { keptPeerId } from './peer-id.ts';
import { walkFile } from './walk-file.ts';

export interface FileShelfOptions {
  /** Holds nothing else. Closed with the shelf. */
  readonly store: WorldStore;
  readonly limits: FileLimits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface FileClaim {
  readonly room: string;
  readonly root: CID;
  readonly user: UserId;
  readonly name: string;
  readonly type: string;
}

const BLOCK = 'block/';
const FILE = 'file/';
const NAME_CHARACTERS = 32;
/** Records that are taken away in one step. */
const REMOVED_AT_ONCE = 1000;

/**
 * The blocks that worlds published, and which files they are. A block comes first and waits; it stays once a file needs it.
 * Nothing that is part of a file goes by itself.
 */
export class FileShelf {
  readonly #options: FileShelfOptions;
  readonly #index: BlockIndex;
  readonly #notes = new Map<string, FileNote>();
  readonly #worlds = new Tally();
  /** Blocks on their way to the disk. */
  readonly #writing = new Map<string, Promise<void>>();
  /** By which IPFS knows who keeps them: the same for as long as the store is. */
  readonly peerId: string;

  private constructor(options: FileShelfOptions, peerId: string) {
    this.#options = options;
    this.peerId = peerId;
    this.#index = new BlockIndex(options.limits.unfinishedMs);
  }

  /** Reads which files there are; blocks of none, which an earlier run left, are dropped. @throws StoreError */
  static async open(options: FileShelfOptions): Promise<FileShelf> {
    const { store } = options;
    const shelf = new FileShelf(options, await keptPeerId(store));
    for (const [key, record] of await store.readAll(FILE)) {
      const note = decodeNote(record);
      if (note === null) continue;
      shelf.#add(key.slice(FILE.length), note);
    }
    const unused = (await store.keys(BLOCK)).filter((key) => !shelf.#index.has(key.slice(BLOCK.length)));
    for (let at = 0; at < unused.length; at += REMOVED_AT_ONCE)
      await store.write({ remove: unused.slice(at, at + REMOVED_AT_ONCE) });
    return shelf;
  }

  /** Bytes of all blocks, those that wait included. */
  get bytes(): number {
    return this.#index.bytes;
  }

  get files(): number {
    return this.#notes.size;
  }

  /** The size of a block, in bytes; `null` where it is not here. */
  sizeOf(cid: CID): number | null {
    return this.#index.sizeOf(cid.toString());
  }

  /** The CID under which a block is here, of those that name it; `null` where it is not. */
  find(cid: CID): CID | null {
    return namesOf(cid).find((name) => this.#index.has(name.toString())) ?? null;
  }

  /** Whether a block is part of a file here, under whichever of its names. */
  isPartOfFile(cid: CID): boolean {
    return namesOf(cid).some((name) => this.#index.isNeeded(name.toString()));
  }

  /** @throws StoreError */
  async read(cid: CID): Promise<Uint8Array | null> {
    const name = cid.toString();
    if (!this.#index.has(name)) return null;
    await this.#writing.get(name);
    return this.#options.store.read(BLOCK + name);
  }

  /**
   * Takes a block that was verified, for a world, to become part of a file there.
   *
   * @throws HttpError 507 `full`; StoreError
   */
  async put(room: string, cid: CID, bytes: Uint8Array): Promise<void> {
    const { limits, now } = this.#options;
    const name = cid.toString();
    await this.#drop(this.#index.expire(now()));
    const isNew = !this.#index.has(name);
    if (this.#worlds.of(room).bytes + this.#index.waitingBytes(room) + bytes.length > limits.maxWorldBytes)
      throw full(`The files of this world take up to ${limits.maxWorldBytes} bytes at this relay`);
    if (isNew && this.bytes + bytes.length > limits.maxBytes)
      throw full(`All files take up to ${limits.maxBytes} bytes at this relay`);
    this.#index.wait(room, name, bytes.length, now());
    if (isNew) await this.#write(name, bytes);
    else await this.#writing.get(name);
  }

  /**
   * Makes a file of blocks that are here.
   *
   * @throws HttpError 409 `missing-blocks`, 413 `too-large`, 422 `no-file`, 507 `full`; StoreError
   */
  async claim({ room, root, user, name, type }: FileClaim): Promise<PublishedFile> {
    const { limits, now, store } = this.#options;
    const key = keyOf(room, root);
    const known = this.#notes.get(key);
    if (known !== undefined) return publishedOf(root.toString(), known);
    const { bytes, blocks } = await walkFile(this, root, limits.maxFileBytes);
    const inWorld = this.#worlds.of(room);
    if (inWorld.files >= limits.maxWorldFiles)
      throw full(`This world has ${limits.maxWorldFiles} files at this relay`);
    if (inWorld.bytes + sizeOf(blocks) > limits.maxWorldBytes)
      throw full(`The files of this world take up to ${limits.maxWorldBytes} bytes at this relay`);
    const note: FileNote = { room, user, name, type, bytes, atMs: now(), blocks };
    // Counted at once, so that nothing of it goes while it is written.
    this.#add(key, note);
    try {
      await store.write({ put: new Map([[FILE + key, encodeNote(note)]]) });
    } catch (error) {
      await this.#drop(this.#take(key, note));
      throw error;
    }
    this.#index.settle(room, blocks);
    return publishedOf(root.toString(), note);
  }

  /** The files of a world, in the order in which they were published. */
  list(room: string): readonly PublishedFile[] {
    return [...this.#notes]
      .filter(([, note]) => note.room === room)
      .sort(([, a], [, b]) => a.atMs - b.atMs)
      .map(([key, note]) => publishedOf(key.slice(key.indexOf('/') + 1), note));
  }

  /** Who published a file of a world; `null` where there is no such file. */
  publisherOf(room: string, root: CID): string | null {
    return this.#notes.get(keyOf(room, root))?.user ?? null;
  }

  /** Takes a file away, with all blocks that no other file needs. @throws StoreError */
  async remove(room: string, root: CID): Promise<void> {
    const key = keyOf(room, root);
    const note = this.#notes.get(key);
    if (note === undefined) return;
    const unused = this.#take(key, note);
    await this.#options.store.write({ remove: [FILE + key, ...unused.map((name) => BLOCK + name)] });
  }

  close(): Promise<void> {
    return this.#options.store.close();
  }

  #add(key: string, note: FileNote): void {
    this.#notes.set(key, note);
    this.#index.addFile(note.blocks);
    this.#worlds.add(note.room, sizeOf(note.blocks), 1);
  }

  /** @returns the blocks that nothing needs any more */
  #take(key: string, note: FileNote): readonly string[] {
    this.#notes.delete(key);
    this.#worlds.add(note.room, -sizeOf(note.blocks), -1);
    return this.#index.removeFile(note.blocks);
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    const written = this.#options.store.write({ put: new Map([[BLOCK + name, bytes]]) });
    this.#writing.set(name, written);
    try {
      await written;
    } catch (error) {
      this.#index.forget(name);
      throw error;
    } finally {
      this.#writing.delete(name);
    }
  }

  async #drop(names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#options.store.write({ remove: names.map((name) => BLOCK + name) });
  }
}

/** A file of a world: its room under a hash, which no store minds as a key. */
function keyOf(room: string, root: CID): string {
  return `${createHash('sha256').update(room).digest('hex').slice(0, NAME_CHARACTERS)}/${root}`;
}

function sizeOf(blocks: FileNote['blocks']): number {
  return blocks.reduce((sum, [, bytes]) => sum + bytes, 0);
}

/** How much each world has. */
class Tally {
  readonly #worlds = new Map<string, { readonly bytes: number; readonly files: number }>();

  of(room: string): { readonly bytes: number; readonly files: number } {
    return this.#worlds.get(room) ?? { bytes: 0, files: 0 };
  }

  add(room: string, bytes: number, files: number): void {
    const before = this.of(room);
    this.#worlds.set(room, { bytes: before.bytes + bytes, files: before.files + files });
  }
}

function publishedOf(cid: string, { name, type, bytes, user, atMs }: FileNote): PublishedFile {
  return { cid, name, type, bytes, user, published_ms: atMs };
}
