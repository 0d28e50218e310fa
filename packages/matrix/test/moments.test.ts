import { type Patch, parseObjectId, parsePath } from '@weft/core';
import { readMoment } from '@weft/matrix';
import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TwinWorld, twinWorld } from './twin-world.ts';

const OBJECT = 'world.weft.object';
const KEYS = ['a', 'b', 'c'] as const;
/** Longer than a sync response takes. */
const SYNC_MS = 10;

type Step =
  | { readonly do: 'edit'; readonly who: number; readonly key: string; readonly value: number }
  | { readonly do: 'hand' | 'rule'; readonly key: string; readonly value: number }
  | { readonly do: 'redact' | 'empty'; readonly key: string }
  | { readonly do: 'look' }
  | { readonly do: 'wait'; readonly ms: number };

const key = fc.constantFrom(...KEYS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('edit'), who: fc.nat(1), key, value: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('hand', 'rule'), key, value: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('redact', 'empty'), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('look') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(400_000) }) },
);

interface Look {
  readonly atMs: number;
  readonly patch: Patch;
}

describe('a moment of a random history', () => {
  it('[Y1] equals a replica that was there, less what was purged since', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.boolean(),
        async (steps, findsMoments) => {
          const world = await twinWorld({ seed: 'moments', findsMoments });
          const [builder, watcher] = [await world.open('builder'), await world.open('visitor')];
          const looks: Look[] = [];
          for (const next of steps) {
            if (next.do === 'edit') {
              const client = next.who === 0 ? world.owner : builder;
              client.edit(next.key, { [`node.${next.who === 0 ? 'name' : 'kind'}`]: `n${next.value}` });
            } else if (next.do === 'look') looks.push(await look(world, watcher.replica));
            else await play(world, next);
          }
          await world.timers.advance(10_000);
          const now = await look(world, watcher.replica);
          for (const { atMs, patch } of [...looks, now]) {
            const found = await readMoment({
              homeserver: watcher.homeserver,
              room: world.room,
              atMs,
              nowMs: world.server.now(),
              present: now.patch,
            });
            expect(found.incomplete).toBeNull();
            expect(plain(found.patch)).toEqual(plain(patch, now.patch));
            expect(found.rules.map(({ name }) => name).sort()).toEqual(rulesAt(world, atMs));
          }
          for (const client of [world.owner, builder, watcher]) client.session.close();
          expect(world.timers.pending).toBe(0);
        },
      ),
      propertySettings(60),
    );
  });
});

async function play(world: TwinWorld, next: Exclude<Step, { do: 'edit' | 'look' }>): Promise<void> {
  const room = world.server.room('play', world.room);
  const { creator: sender } = room;
  switch (next.do) {
    case 'hand':
      await world.timers.advance(1);
      world.server.append(room, {
        type: OBJECT,
        sender,
        stateKey: `hand-${next.key}`,
        content: { acme: { size: next.value } },
      });
      return;
    case 'rule':
      world.server.append(room, {
        type: 'world.weft.rule',
        sender,
        stateKey: next.key,
        content: next.value < 30 ? {} : { kind: 'limit', count: next.value },
      });
      return;
    case 'empty':
      world.server.append(room, { type: OBJECT, sender, stateKey: next.key, content: {} });
      return;
    case 'redact': {
      const event = room.current(OBJECT, next.key)?.event_id;
      if (event !== undefined) await world.owner.homeserver.redact(world.room, event, '');
      return;
    }
    case 'wait':
      await world.timers.advance(next.ms);
  }
}

/** What a replica knows at a moment at which it has heard of all that was sent. */
async function look(world: TwinWorld, replica: { toPatch(): Patch }): Promise<Look> {
  const { timeline } = world.server.room('look', world.room);
  do await world.timers.advance(SYNC_MS);
  while ((timeline.at(-1)?.origin_server_ts ?? 0) > world.server.now() - SYNC_MS);
  return { atMs: world.server.now(), patch: replica.toPatch() };
}

/** The registers, less those that the present has purged. */
function plain(patch: Patch, present: Patch = patch): unknown {
  return [...KEYS, ...KEYS.map((name) => `hand-${name}`)].map((name) => {
    const id = parseObjectId(name);
    const purge = present.objects.get(id)?.purge ?? Number.NEGATIVE_INFINITY;
    const registers = patch.objects.get(id)?.registers;
    return ['node.name', 'node.kind', 'acme.size'].map((path) => {
      const register = registers?.get(parsePath(path));
      if (register === undefined || register.stamp.time <= purge) return null;
      return [register.value, register.stamp.time, register.stamp.actor];
    });
  });
}

function rulesAt(world: TwinWorld, atMs: number): string[] {
  const rules = new Map<string, boolean>();
  for (const event of world.server.room('rules', world.room).timeline)
    if (event.type === 'world.weft.rule' && event.origin_server_ts <= atMs)
      rules.set(String(event.state_key), Object.keys(event.content).length > 0);
  return [...rules]
    .filter(([, holds]) => holds)
    .map(([name]) => name)
    .sort();
}
