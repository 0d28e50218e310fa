import { CheckSteps, createOutput } from '@weft/cli/check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goOffline, killRelayUnderPages, openStudioPair, type StudioPair } from '../src/studio/index.ts';
import { startTestStack, type TestStack } from '../src/synapse/test-stack.ts';

/** Two pages that draw in software beside a homeserver and a relay, on two cores that do other things as well. */
const PATIENCE_MS = 300_000;
const OFFLINE_SECONDS = 10;

let server: TestStack | null = null;
let pair: StudioPair;

const silent = () => new CheckSteps(createOutput({ stdout: () => {}, stderr: () => {}, json: true }));
const figuresOf = ({ steps }: CheckSteps, name: string) =>
  steps.find((step) => step.name === name)?.figures ?? expect.fail(`there was no step "${name}"`);

beforeAll(async () => {
  server = await startTestStack({ logName: 'last-test-two-pages' });
  pair = await openStudioPair({ stack: server.stack, quality: 'low', onProgress: () => {} });
}, PATIENCE_MS);

afterAll(async () => {
  await pair?.close();
  await server?.stop();
}, PATIENCE_MS);

describe('two people at two pages of the studio', () => {
  test(
    '[LW12] see each other’s edits over a relay, without it once it was killed, and with it again, and lose nothing',
    async () => {
      const steps = silent();
      await killRelayUnderPages(pair, steps);
      expect(steps.steps.map(({ name, ok }) => [name, ok])).toEqual([
        ['lane', true],
        ['relay killed', true],
        ['relay back', true],
        ['nothing lost', true],
      ]);
      expect(figuresOf(steps, 'relay back')).toHaveProperty('friend to builder, ms');
      expect(pair.errors).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    '[LW12] come together again after one of them was cut from the network while both edited',
    async () => {
      const steps = silent();
      await goOffline(pair, steps, OFFLINE_SECONDS);
      expect(figuresOf(steps, 'offline').editsOnEachSide).toBeGreaterThan(1);
      expect(steps.steps.at(-1)).toMatchObject({ name: 'merged', ok: true });
      expect(pair.errors).toEqual([]);
    },
    PATIENCE_MS,
  );
});
