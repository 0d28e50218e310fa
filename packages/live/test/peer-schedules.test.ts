import { parseObjectId, parsePath } from '@weft/core';
import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PEER_BEAT_MS, PEER_SILENCE_MS } from '../src/peer/peer.ts';
import { PEER_DOUBT_MS } from '../src/peer/peer-lane.ts';
import { SimPeers } from './sim-peers.ts';

const PATHS = ['node.name', 'light.intensity', 'acme:part.a'].map(parsePath);
const IDS = Array.from({ length: 6 }, (_, at) => parseObjectId(`object-${at}`));
const BUILDER = 25;
const MAX_CLIENTS = 8;

type Step =
  | { readonly kind: 'edit'; readonly client: number; readonly object: number; readonly path: number }
  | { readonly kind: 'burst'; readonly client: number; readonly count: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'join' }
  | { readonly kind: 'leave'; readonly client: number; readonly how: 'closed' | 'crashed' }
  | { readonly kind: 'level'; readonly client: number; readonly level: number }
  | { readonly kind: 'cut'; readonly client: number }
  | { readonly kind: 'mail'; readonly lost: number; readonly doubled: number; readonly late: number }
  | { readonly kind: 'flush'; readonly client: number };

const client = fc.nat(MAX_CLIENTS - 1);
const percent = fc.constantFrom(0, 10, 40, 90);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), client, object: fc.nat(5), path: fc.nat(2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      client,
      count: fc.integer({ min: 2, max: 30 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'join' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('leave' as const),
      client,
      how: fc.constantFrom('closed' as const, 'crashed' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('level' as const), client, level: fc.constantFrom(0, BUILDER) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), client }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('mail' as const),
      lost: percent,
      doubled: percent,
      late: percent,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('flush' as const), client }) },
);

class Player {
  readonly #peers: SimPeers;
  #value = 0;

  constructor(peers: SimPeers) {
    this.#peers = peers;
  }

  async play(one: Step): Promise<void> {
    const peers = this.#peers;
    const who = 'client' in one ? peers.clients[one.client % peers.clients.length] : undefined;
    switch (one.kind) {
      case 'edit': {
        const [id, path] = [IDS[one.object], PATHS[one.path]];
        if (id !== undefined && path !== undefined) who?.set(id, { [path]: this.#next() });
        return;
      }
      case 'burst':
        for (let at = 0; at < one.count; at += 1)
          who?.set(parseObjectId(`burst-${this.#next()}`), { [PATHS[0] ?? expect.fail()]: this.#value });
        return;
      case 'wait':
        return peers.timers.advance(one.ms);
      case 'join':
        if (peers.clients.length < MAX_CLIENTS) await peers.add();
        return;
      case 'leave':
        if (who !== undefined && peers.clients.length > 1) await peers.remove(who, one.how);
        return;
      case 'level':
        if (who !== undefined) peers.setLevel(who.user, one.level);
        return;
      case 'cut':
        if (who !== undefined) who.isCutOff = !who.isCutOff;
        return;
      case 'mail':
        Object.assign(peers.faults, { lost: one.lost, doubled: one.doubled, late: one.late });
        return;
      case 'flush':
        if (who !== undefined) peers.flush(who);
        return;
    }
  }

  /** Messages arrive from now on, everybody may write, and whoever is gone is known to be. */
  async heal(): Promise<void> {
    const peers = this.#peers;
    Object.assign(peers.faults, { lost: 0, doubled: 0, late: 0 });
    for (const each of peers.clients) {
      each.isCutOff = false;
      peers.setLevel(each.user, BUILDER);
    }
    await peers.timers.advance(5_000 + PEER_SILENCE_MS + 2 * PEER_BEAT_MS + PEER_DOUBT_MS);
  }

  #next(): number {
    this.#value += 1;
    return this.#value;
  }
}

test('[PL8] whatever messages are lost, doubled or late, whoever comes and goes: in the end all show the same, with the room and before it', async () => {
  let heardBeforeTheRoom = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 50 }), fc.nat(), async (steps, seed) => {
      const peers = await SimPeers.open({ seed, clients: 3 });
      const player = new Player(peers);
      for (const one of steps) await player.play(one);
      await player.heal();
      // What the room lacks: everybody who stayed says it, nobody stands for the rest.
      for (const each of peers.clients) heardBeforeTheRoom += each.replica.overheardPatch().objects.size;
      expect(peers.areEqual).toBe(true);
      for (const each of peers.clients) peers.flush(each);
      await peers.timers.advance(5_000);
      expect(peers.areEqual).toBe(true);
      for (const { replica } of peers.clients) {
        expect(replica.dirty().size).toBe(0);
        expect(replica.livePatch().objects.size).toBe(0);
      }
      await peers.close();
      expect(peers.timers.pending).toBe(0);
    }),
    propertySettings(60),
  );
  expect(heardBeforeTheRoom).toBeGreaterThan(0);
});
