import { StoreError, type WorldStore } from '@weft/store';
import { BrowserPlace } from '@weft/store/indexeddb';
import { openDB } from 'idb';

/** What crosses between the test and the page: bytes as base64, errors as what they say of themselves. */
export type Answer =
  | { readonly value: unknown }
  | { readonly error: { readonly code: string; readonly key: string | null; readonly message: string } };

const place = new BrowserPlace();
const stores: WorldStore[] = [];

const calls: Readonly<Record<string, (...args: string[]) => Promise<unknown>>> = {
  async open(name = '') {
    return stores.push(await place.open(name)) - 1;
  },
  setAside: (name = '') => place.setAside(name),
  recall: (note = '') => place.recall(note),
  remember: (note = '', text = '') => place.remember(note, text),
  async read(store, key = '') {
    const found = await storeOf(store).read(key);
    return found === null ? null : toBase64(found);
  },
  async readAll(store, prefix = '') {
    return [...(await storeOf(store).readAll(prefix))].map(([key, bytes]) => [key, toBase64(bytes)]);
  },
  keys: (store, prefix = '') => storeOf(store).keys(prefix),
  write(store, put = '[]', remove = '[]') {
    const entries: readonly [string, string][] = JSON.parse(put);
    return storeOf(store).write({
      put: new Map(entries.map(([key, text]) => [key, fromBase64(text)])),
      remove: JSON.parse(remove),
    });
  },
  close: (store) => storeOf(store).close(),
  async putRaw(name, key = '', text = '') {
    const database = await openDB(`weft/${name}`);
    await database.put('records', fromBase64(text), key);
    database.close();
  },
  async getRaw(name, key = '') {
    const database = await openDB(`weft/${name}`);
    const raw: Uint8Array = await database.get('records', key);
    database.close();
    return toBase64(raw);
  },
};

// In pieces: a call takes only so many arguments.
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 10_000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 10_000));
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function storeOf(handle: string | undefined): WorldStore {
  const store = stores[Number(handle)];
  if (store === undefined) throw new RangeError(`no store ${handle}`);
  return store;
}

async function call(name: string, args: readonly string[]): Promise<Answer> {
  try {
    return { value: await calls[name]?.(...args) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { error: { code: error.code, key: error.key, message: error.message } };
  }
}

Object.assign(globalThis, { call });
