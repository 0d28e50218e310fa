import { type Federation, matrixCall, openEqual, startFederation, until } from '@weft/testing/federation';
import type { Account } from '@weft/testing/synapse';
import { createWorld, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What is measured is the room; to say that one is here for a live lane costs an event of what it lets a person send. */
const LANES = ['matrix'] as const;

/** What a stock homeserver lets one person send at once; joining and opening cost a little of it. */
const STOCK_BURST = 10;

const BURSTS = [
  { objects: 1, withinMs: 2_000, events: 1 },
  { objects: 50, withinMs: 10_000, events: 2 },
  { objects: 500, withinMs: 10_000, events: 3 },
  { objects: 5_000, withinMs: 30_000, events: 4 },
] as const;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });

describe('on homeservers with the limits that they are shipped with', () => {
  let federation: Federation;
  let builder: Account;
  let guest: Account;

  beforeAll(async () => {
    federation = await startFederation({ rateLimits: 'stock' });
    const { a, b } = federation;
    [builder, guest] = await Promise.all([a.account('ann'), b.account('ben')]);
  });

  afterAll(() => federation?.stop());

  async function weftEvents(room: string): Promise<number> {
    const answer: unknown = await matrixCall(
      builder,
      'GET',
      `/rooms/${encodeURIComponent(room)}/messages?dir=b&limit=1000`,
    );
    const chunk: unknown = Reflect.get(Object(answer), 'chunk');
    return (Array.isArray(chunk) ? chunk : []).filter((event) =>
      /^world\.weft\.(object|bundle|layer)$/.test(String(Reflect.get(Object(event), 'type'))),
    ).length;
  }

  it.each(BURSTS)('[FD6] makes $objects objects durable at once', async ({ objects, withinMs, events }) => {
    const ann: World = await createWorld({
      login: login(builder),
      title: `Burst ${objects}`,
      access: 'public',
      lanes: LANES,
    });
    const ben = await openWorld(ann.link, { login: login(guest), lanes: LANES });
    const startMs = performance.now();
    const edit = ann.edit('place', (draft) => {
      for (let at = 0; at < objects; at += 1)
        draft.add({
          node: { name: `Lamp ${at}`, tags: ['lamp'] },
          transform: { position: [at % 50, 0, at / 50] },
        });
    });
    await edit.durable;
    const durableMs = performance.now() - startMs;
    const sent = await weftEvents(ann.room);
    await until(() => ben.hash() === ann.hash(), { what: 'all of it at the other server', withinMs: 60_000 });
    expect(durableMs).toBeLessThan(withinMs);
    expect(sent).toBeLessThanOrEqual(events);
    const fresh = await openEqual(ann.room, [builder, guest], ann.hash());
    await Promise.all([ann, ben, ...fresh].map((world) => world.close()));
    expect(sent).toBeLessThan(STOCK_BURST);
  });
});
