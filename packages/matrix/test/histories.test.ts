import { canonicalJson, parseObjectId, parsePath } from '@weft/core';
import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TwinClient, type TwinWorld, twinWorld } from './twin-world.ts';

const OBJECT = 'world.weft.object';
const KEYS = ['a', 'b', 'c'] as const;
/** Longer than the rarest reading of the state, and than every backoff. */
const QUIET_MS = 40 * 60_000;

const LOSES: ReadonlySet<string> = new Set(['vanish', 'resolve', 'redact', 'empty']);

type Step =
  | { readonly do: 'edit'; readonly who: number; readonly key: string; readonly value: number }
  | { readonly do: 'hand'; readonly key: string; readonly value: number }
  | { readonly do: 'redact' | 'empty' | 'vanish' | 'resolve'; readonly key: string; readonly pick: number }
  | { readonly do: 'hold' | 'release' | 'gap' | 'offline' | 'online' | 'lose'; readonly who: number }
  | { readonly do: 'wait'; readonly ms: number };

const key = fc.constantFrom(...KEYS);
const who = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('edit' as const), who, key, value: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hand' as const), key, value: fc.nat(99) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('vanish', 'resolve'), key, pick: fc.nat(9) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('redact', 'empty'), key, pick: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('hold', 'release', 'gap', 'offline', 'online', 'lose'), who }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(3000) }) },
);

describe('random histories of a room', () => {
  it('[M4] end with every edit decided and, where the room itself lost nothing, with equal scenes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = await twinWorld({ seed: 'histories' });
        const clients = [world.owner, await world.open('builder')];
        for (const next of steps) await play(world, clients, next);
        for (const client of clients) {
          client.homeserver.goOnline();
          for (const follower of client.homeserver.followers) follower.release();
        }
        await world.timers.advance(QUIET_MS);
        for (const client of clients) {
          expect(client.session.unsaved).toBe(0);
          expect(client.refused).toEqual([]);
          expect(client.problems.filter(({ error }) => error !== null && !isOffline(error))).toEqual([]);
        }
        // What the room itself lost or purged between two looks of a client, that client may still show.
        if (!steps.some(({ do: what }) => LOSES.has(what)))
          expect(await scenesOf(world, clients)).toEqual([expect.any(String)]);
        for (const client of clients) client.session.close();
        expect(world.timers.pending).toBe(0);
      }),
      propertySettings(60),
    );
  });
});

async function play(world: TwinWorld, clients: readonly TwinClient[], next: Step): Promise<void> {
  const room = world.server.room('play', world.room);
  const sender = room.creator;
  switch (next.do) {
    case 'edit':
      clients[next.who]?.edit(next.key, { [`node.${next.who === 0 ? 'name' : 'kind'}`]: `n${next.value}` });
      return;
    case 'hand':
      // Objects of their own: what a program that knows no stamps leaves out is lost to those who come later.
      await world.timers.advance(1);
      world.server.append(room, {
        type: OBJECT,
        sender,
        stateKey: `hand-${next.key}`,
        content: { acme: { size: next.value } },
      });
      return;
    case 'empty':
      world.server.append(room, { type: OBJECT, sender, stateKey: next.key, content: {} });
      return;
    case 'redact': {
      const event = room.current(OBJECT, next.key)?.event_id;
      if (event !== undefined)
        await world.owner.homeserver.redact(world.room, event, '').catch(() => undefined);
      return;
    }
    case 'vanish':
      world.server.vanish(world.room, OBJECT, next.key);
      return;
    case 'resolve': {
      const events = room.timeline.filter((event) => event.type === OBJECT && event.state_key === next.key);
      const event = events[next.pick % Math.max(1, events.length)];
      if (event !== undefined) world.server.resolveTo(world.room, event.event_id);
      return;
    }
    case 'hold':
      for (const follower of clients[next.who]?.homeserver.followers ?? []) follower.hold();
      return;
    case 'release':
    case 'gap':
      for (const follower of clients[next.who]?.homeserver.followers ?? [])
        follower.release(next.do === 'gap');
      return;
    case 'offline':
      clients[next.who]?.homeserver.goOffline();
      return;
    case 'online':
      clients[next.who]?.homeserver.goOnline();
      return;
    case 'lose':
      clients[next.who]?.homeserver.faults.add({ kind: 'answer-lost' });
      return;
    case 'wait':
      await world.timers.advance(next.ms);
  }
}

function isOffline(error: Error): boolean {
  return 'code' in error && error.code === 'unreachable';
}

/** The different scenes that these clients, and one who only comes now, see. */
async function scenesOf(world: TwinWorld, clients: readonly TwinClient[]): Promise<readonly string[]> {
  const late = await world.open('other');
  const scenes = new Set([...clients, late].map(sceneOf));
  late.session.close();
  return [...scenes];
}

function sceneOf({ replica }: TwinClient): string {
  const paths = ['node.name', 'node.kind', 'acme.size'].map((path) => parsePath(path));
  const ids = KEYS.flatMap((name) => [name, `hand-${name}`]).map((id) => parseObjectId(id));
  return canonicalJson(ids.map((id) => paths.map((path) => replica.scene.get(id)?.get(path) ?? null)));
}
