import { describe, expect, it } from 'vitest';
import { load, withServer } from './run-system.ts';
import { sceneRecords } from './scene.ts';
import { WEFT } from './systems.ts';

/** A server and a load process start, on a machine that does other things too. */
const TIMEOUT_MS = 60_000;
const OBJECTS = 40;
const EDITS = 40;

describe('the load of a server', () => {
  it(
    'joins with the whole scene, sees every edit of others, and counts what went over the wire',
    async () => {
      const { signal } = new AbortController();
      const server = { system: WEFT, setting: 'default', records: sceneRecords('test', OBJECTS), signal };
      const options = { clients: 3, edits: EDITS, rate: 100, warmUp: 0, frameBytes: 0, stallMs: 0 };
      const [calm, stalled] = await withServer(server, async (running) => [
        await load(running, options),
        await load(running, { ...options, warmUp: 10, runIn: { edits: 20, rate: 200 }, stallMs: 300 }),
      ]);
      expect(calm).toMatchObject({ missing: 0, latenciesMs: { length: EDITS * 2 }, joinMs: { length: 3 } });
      expect(calm?.bytesAnEdit).toBeGreaterThan(20);
      for (const bytes of calm?.joinBytes ?? []) expect(bytes).toBeGreaterThan(OBJECTS * 10);
      expect(stalled).toMatchObject({ missing: 0, latenciesMs: { length: EDITS * 2 } });
      expect([calm, stalled].map((report) => report?.runningMs.length)).toEqual([0, EDITS * 2]);
      expect(Math.max(...(stalled?.latenciesMs ?? []))).toBeGreaterThan(200);
    },
    TIMEOUT_MS,
  );
});
