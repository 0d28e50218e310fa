import { setTimeout as delay } from 'node:timers/promises';
import {
  type Federation,
  openEqual,
  SplitWorld,
  startFederation,
  untilEqual,
} from '@weft/testing/federation';
import type { World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const EDITS_A_ROUND = 12;
const EDIT_INTERVAL_MS = 40;
const DOWN_MS = 1_500;
const EQUAL_TIMEOUT_MS = 90_000;

describe.each(['synapse', 'dendrite'] as const)(
  'a Synapse and a %s that are killed while people build',
  (software) => {
    let federation: Federation;
    let split: SplitWorld;
    const added = new Map<string, string>();

    beforeAll(async () => {
      federation = await startFederation({ with: software });
      split = await SplitWorld.open(federation);
    });

    afterAll(async () => {
      await split?.close();
      await federation?.stop();
    });

    /** Adds objects and moves one that the other side moves too. */
    async function build(world: World, round: number): Promise<void> {
      for (let at = 0; at < EDITS_A_ROUND; at += 1) {
        const name = `${world.userId} ${round} ${at}`;
        split.edit(world, name, (draft) => {
          added.set(name, draft.add({ node: { name } }));
          if (at % 3 === 0) draft.set('table', { transform: { position: [round, at, 0] } });
        });
        await delay(EDIT_INTERVAL_MS);
      }
    }

    it('[FD4] lose nothing that they acknowledged, and nothing that was on its way', async () => {
      const { a, b } = federation;
      for (const [round, server] of [a, b, a].entries()) {
        const building = Promise.all(split.worlds.map((world) => build(world, round)));
        await delay((EDITS_A_ROUND * EDIT_INTERVAL_MS) / 2);
        await server.kill();
        await building;
        await delay(DOWN_MS);
        await server.restart();
      }
      await split.ledger.decided();
      // Both sides move the table: who was slower there is told so.
      expect(split.ledger.lost.filter(({ error }) => error.code !== 'superseded')).toEqual([]);
      await untilEqual(split.worlds, EQUAL_TIMEOUT_MS);
      const accounts = [split.owner, split.builder];
      const fresh = await openEqual(split.ann.room, accounts, split.ann.hash(), EQUAL_TIMEOUT_MS);
      for (const world of [...split.worlds, ...fresh]) {
        expect(split.ledger.missingIn(world)).toEqual([]);
        // Each once, under the id that its author gave it.
        const names = [...world.objects()].map(({ id, node }) => [node?.name, id] as const);
        expect(names.filter(([name]) => name?.startsWith('@')).sort()).toEqual([...added].sort());
      }
      expect(added.size).toBe(2 * 3 * EDITS_A_ROUND);
      await Promise.all(fresh.map((world) => world.close()));
    });
  },
);
