import { StoreError, type StoreErrorCode, type StorePlace, type WorldStore } from '@weft/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What the suite needs besides the port: ways to spoil what lies on the medium. */
export interface StoreHarness {
  readonly place: StorePlace;
  readonly outlivesProcess: boolean;
  /** Changes the raw bytes of a record of a store that is closed. */
  rewrite(name: string, key: string, change: (raw: Uint8Array) => Uint8Array): Promise<void>;
  /** Puts a record's raw bytes under another key too. */
  copy(name: string, from: string, to: string): Promise<void>;
  /** A store of this name with room for about this many bytes; `null` lifts the limit. `null` where a medium has no end. */
  readonly limit: ((name: string, bytes: number | null) => Promise<WorldStore>) | null;
  /** A place where nothing can be stored. */
  readonly nowhere: StorePlace | null;
  stop(): Promise<void>;
}

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (value: string) => new TextEncoder().encode(value);

/** What the platform gives at once. */
const MAX_RANDOM_BYTES = 65_536;

let names = 0;

/** The promises that every `StorePlace` and its `WorldStore`s keep: memory, SQLite, IndexedDB. */
export function storeContract(what: string, start: () => Promise<StoreHarness>): void {
  describe(`store contract: ${what}`, () => {
    let harness: StoreHarness;
    let place: StorePlace;
    const fresh = (): string => {
      names += 1;
      return `world-${names}`;
    };

    beforeAll(async () => {
      harness = await start();
      place = harness.place;
    });

    afterAll(() => harness.stop());

    it('[I1] gives back what was written, by name and by prefix, in order', async () => {
      const store = await place.open(fresh());
      await store.write({
        put: new Map([
          ['a/2', bytes(2)],
          ['a/1', bytes()],
          ['b/1', text('ü')],
          ['a', bytes(0, 255)],
        ]),
      });
      expect(await store.read('a/2')).toEqual(bytes(2));
      expect(await store.read('a/1')).toEqual(bytes());
      expect(await store.read('c')).toBeNull();
      expect(await store.keys('')).toEqual(['a', 'a/1', 'a/2', 'b/1']);
      expect(await store.keys('a/')).toEqual(['a/1', 'a/2']);
      expect([...(await store.readAll('a'))]).toEqual([
        ['a', bytes(0, 255)],
        ['a/1', bytes()],
        ['a/2', bytes(2)],
      ]);
      expect(await store.keys('z')).toEqual([]);
      expect(store.outlivesProcess).toBe(harness.outlivesProcess);
      await store.close();
    });

    it('[I1] keeps its own copy of what it is given, and gives copies', async () => {
      const store = await place.open(fresh());
      const given = bytes(1, 2, 3);
      const writing = store.write({ put: new Map([['k', given]]) });
      given.fill(9);
      await writing;
      const got = await store.read('k');
      got?.fill(7);
      expect(await store.read('k')).toEqual(bytes(1, 2, 3));
      await store.close();
    });

    it('[I2] makes a change in one step: what is put is there, what is removed is gone, writes in their order', async () => {
      const name = fresh();
      const store = await place.open(name);
      await store.write({
        put: new Map([
          ['old', bytes(1)],
          ['both', bytes(1)],
        ]),
      });
      const first = store.write({
        put: new Map([
          ['n', bytes(1)],
          ['both', bytes(2)],
        ]),
        remove: ['old', 'both', 'none'],
      });
      const second = store.write({ put: new Map([['n', bytes(2)]]) });
      expect(await store.read('n')).toEqual(bytes(2));
      await Promise.all([first, second]);
      expect(await store.keys('')).toEqual(['both', 'n']);
      await store.close();
      const again = await place.open(name);
      expect([...(await again.readAll(''))]).toEqual([
        ['both', bytes(2)],
        ['n', bytes(2)],
      ]);
      await again.close();
    });

    it('[I3] lets one opener in at a time, and the next one when it has closed', async () => {
      const name = fresh();
      const store = await place.open(name);
      await refuses(place.open(name), 'busy');
      await refuses(place.setAside(name), 'busy');
      const other = await place.open(fresh());
      await other.close();
      const writing = store.write({ put: new Map([['k', bytes(1)]]) });
      await Promise.all([store.close(), store.close()]);
      await writing;
      const next = await place.open(name);
      expect(await next.read('k')).toEqual(bytes(1));
      await next.close();
    });

    it('[I3] refuses whatever is asked of a closed store', async () => {
      const store = await place.open(fresh());
      await store.close();
      await refuses(store.read('k'), 'closed');
      await refuses(store.readAll(''), 'closed');
      await refuses(store.keys(''), 'closed');
      await refuses(store.write({}), 'closed');
    });

    it.each([
      ['a flipped bit of the content', (raw: Uint8Array) => flipped(raw, raw.length - 1)],
      ['a flipped bit of the checksum', (raw: Uint8Array) => flipped(raw, 5)],
      ['a flipped bit of the version', (raw: Uint8Array) => flipped(raw, 0)],
      ['a record that ends early', (raw: Uint8Array) => raw.slice(0, raw.length - 1)],
      ['a record that is hardly there', (raw: Uint8Array) => raw.slice(0, 3)],
      ['an empty record', () => bytes()],
    ] as const)('[I4] finds %s, names it, and reads the others', async (_what, change) => {
      const name = fresh();
      const store = await place.open(name);
      await store.write({
        put: new Map([
          ['good', text('good')],
          ['spoilt', text('spoilt')],
        ]),
      });
      await store.close();
      await harness.rewrite(name, 'spoilt', change);
      const again = await place.open(name);
      const error = await errorOf(again.read('spoilt'));
      expect([error.code, error.key]).toEqual(['corrupt', 'spoilt']);
      await refuses(again.readAll(''), 'corrupt');
      expect(await again.read('good')).toEqual(text('good'));
      expect(await again.keys('')).toEqual(['good', 'spoilt']);
      await again.write({ put: new Map([['spoilt', text('new')]]) });
      expect(await again.read('spoilt')).toEqual(text('new'));
      await again.close();
    });

    it('[I4] finds a record that stands under another name', async () => {
      const name = fresh();
      const store = await place.open(name);
      await store.write({ put: new Map([['mine', text('mine')]]) });
      await store.close();
      await harness.copy(name, 'mine', 'yours');
      const again = await place.open(name);
      await refuses(again.read('yours'), 'corrupt');
      await again.close();
    });

    it('[I5] refuses a write that finds no room, keeps what it has, and goes on when there is room', async () => {
      if (harness.limit === null) return;
      const name = fresh();
      const small = await harness.limit(name, 1_000_000);
      await small.write({ put: new Map([['kept', bytes(1)]]) });
      const large = new Map([
        ['kept', bytes(2)],
        ['large', incompressible(3_000_000)],
      ]);
      await refuses(small.write({ put: large, remove: ['kept'] }), 'full');
      expect(await small.read('kept')).toEqual(bytes(1));
      expect(await small.keys('')).toEqual(['kept']);
      await small.close();
      const roomy = await harness.limit(name, null);
      await roomy.write({ put: large });
      expect((await roomy.read('large'))?.length).toBe(3_000_000);
      await roomy.close();
    });

    it('[I6] puts a store aside whole, and has its name free again', async () => {
      const name = fresh();
      const store = await place.open(name);
      await store.write({ put: new Map([['k', bytes(1)]]) });
      await store.close();
      const places = [await place.setAside(name), await place.setAside(name)];
      expect(new Set(places).size).toBe(2);
      const again = await place.open(name);
      expect(await again.keys('')).toEqual([]);
      await again.close();
    });

    it('[I6] keeps notes that anybody may read and replace', async () => {
      const note = fresh();
      expect(await place.recall(note)).toBeNull();
      await place.remember(note, 'one');
      await place.remember(note, 'two ü');
      expect(await place.recall(note)).toBe('two ü');
    });

    it('[I6] says where nothing can be stored', async () => {
      if (harness.nowhere === null) return;
      await refuses(harness.nowhere.open(fresh()), 'unavailable');
      await refuses(harness.nowhere.remember('note', 'text'), 'unavailable');
      expect(await harness.nowhere.recall('note')).toBeNull();
    });

    it('[I7] takes a name of 200 bytes, and no more, nor other letters', async () => {
      const store = await place.open(fresh());
      const long = 'k'.repeat(200);
      await store.write({ put: new Map([[long, bytes(1)]]) });
      expect(await store.read(long)).toEqual(bytes(1));
      for (const key of ['', `${long}k`, 'a b', 'ü', 'a\0'])
        await refuses(store.write({ put: new Map([[key, bytes(1)]]) }), 'bad-key');
      await refuses(store.write({ remove: ['a b'] }), 'bad-key');
      await refuses(store.read('a b'), 'bad-key');
      await refuses(store.keys('ü'), 'bad-key');
      await store.close();
    });
  });
}

export async function refuses(attempt: Promise<unknown>, code: StoreErrorCode): Promise<void> {
  expect((await errorOf(attempt)).code).toBe(code);
}

async function errorOf(attempt: Promise<unknown>): Promise<StoreError> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('It was done.');
}

function flipped(raw: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(raw);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

/** What no medium makes smaller than it is. */
function incompressible(length: number): Uint8Array {
  const filled = new Uint8Array(length);
  for (let at = 0; at < length; at += MAX_RANDOM_BYTES)
    crypto.getRandomValues(filled.subarray(at, Math.min(length, at + MAX_RANDOM_BYTES)));
  return filled;
}
