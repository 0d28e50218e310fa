import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StorePlace } from '@weft/store';
import { MemoryPlace } from '@weft/store/memory';
import { DirectoryPlace, type SqliteOptions } from '@weft/store/sqlite';
import { ThreadPlace } from '@weft/store/thread';
import { TwinDisk } from '@weft/testing/store';
import { type StoreHarness, storeContract } from './store-contract.ts';

storeContract('memory', async () => inMemory(new MemoryPlace(), false));

storeContract('twin', async () => {
  const disk = new TwinDisk();
  return {
    ...inMemory(disk, true),
    limit(name, bytes) {
      disk.capacityBytes = bytes ?? Number.POSITIVE_INFINITY;
      return disk.open(name);
    },
  };
});

storeContract('SQLite', () => onDisk((directory, options) => new DirectoryPlace(directory, options)));

storeContract('SQLite in a thread', () =>
  onDisk((directory, options) => new ThreadPlace(directory, options)),
);

async function onDisk(
  makePlace: (directory: string, options?: SqliteOptions) => StorePlace,
): Promise<StoreHarness> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-store-'));
  const file = join(directory, 'file');
  await writeFile(file, 'no directory');
  const withRaw = async (name: string, use: (database: DatabaseSync) => void): Promise<void> => {
    const database = new DatabaseSync(join(directory, `${name}.sqlite`));
    use(database);
    database.close();
  };
  return {
    place: makePlace(directory),
    outlivesProcess: true,
    rewrite: (name, key, change) =>
      withRaw(name, (database) => {
        const raw = database.prepare('SELECT record FROM records WHERE key = ?').get(key)?.record;
        const changed = raw instanceof Uint8Array ? change(raw) : null;
        if (changed !== null)
          database.prepare('UPDATE records SET record = ? WHERE key = ?').run(changed, key);
      }),
    copy: (name, from, to) =>
      withRaw(name, (database) => {
        database.prepare('INSERT INTO records SELECT ?, record FROM records WHERE key = ?').run(to, from);
      }),
    limit: (name, bytes) => makePlace(directory, bytes === null ? {} : { maxBytes: bytes }).open(name),
    nowhere: makePlace(join(file, 'below')),
    stop: () => rm(directory, { recursive: true }),
  };
}

function inMemory(place: MemoryPlace, outlivesProcess: boolean): StoreHarness {
  return {
    place,
    outlivesProcess,
    async rewrite(name, key, change) {
      const raw = place.records(name).get(key);
      const changed = raw === undefined ? null : change(raw);
      if (changed !== null) place.records(name).set(key, changed);
    },
    async copy(name, from, to) {
      const raw = place.records(name).get(from);
      if (raw !== undefined) place.records(name).set(to, raw);
    },
    limit: null,
    nowhere: null,
    stop: async () => undefined,
  };
}
