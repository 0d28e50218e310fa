import { composeEdit, encodeRuleEvent, type RuleContent } from '@weft/core';
import { describe, expect, it } from 'vitest';
import { type TwinClient, type TwinWorld, twinWorld } from '../../test/twin-world.ts';

type Content = Readonly<Record<string, unknown>>;

function declare(world: TwinWorld, type: 'rule' | 'component', stateKey: string, content: Content) {
  const room = world.server.room('declare', world.room);
  return world.server.append(room, { type: `world.weft.${type}`, sender: room.creator, stateKey, content });
}

const rule = (content: RuleContent): Content => encodeRuleEvent(content);
const ONE_LAMP: RuleContent = { kind: 'limit', match: { kind: 'lamp' }, count: 1 };
const seen = ({ replica }: TwinClient) => [...replica.scene.ids()].sort();
const suspended = ({ replica }: TwinClient) =>
  replica.scene.problems.flatMap((problem) =>
    problem.reason === 'rule' ? [`${problem.rule}: ${problem.object} beside ${problem.clashes}`] : [],
  );
const add = (client: TwinClient, id: string) =>
  composeEdit(
    client.replica,
    { userId: client.homeserver.userId, level: client.session.standing.level },
    (length) => new Uint8Array(length),
    (draft) => void draft.add({ id, node: { kind: 'lamp' } }),
  );

describe('the rules of a room', () => {
  it('[L7] are in force from the first look, for readers and for authors', async () => {
    const world = await twinWorld();
    declare(world, 'rule', 'one-lamp', rule(ONE_LAMP));
    world.owner.edit('a', { 'node.kind': 'lamp' });
    world.owner.edit('b', { 'node.kind': 'lamp' });
    await world.timers.advance(500);
    const builder = await world.open('builder');
    expect(seen(builder)).toEqual(['a']);
    expect(suspended(builder)).toEqual(['one-lamp: b beside a']);
    expect(() => add(builder, 'c')).toThrow(
      expect.objectContaining({ code: 'rule', rule: 'one-lamp', by: 'steward' }),
    );
  });

  it('[L7] suspend the same object everywhere when two write at once, and give it back when lifted', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    const other = await world.open('other');
    declare(world, 'rule', 'one-lamp', rule(ONE_LAMP));
    await world.timers.advance(500);
    const first = add(builder, 'first');
    const second = add(other, 'second');
    builder.session.write(first.patch, 'local');
    other.session.write(second.patch, 'local');
    await world.timers.advance(5000);
    expect(suspended(builder)).toHaveLength(1);
    for (const client of [builder, other, world.owner]) {
      expect(seen(client)).toEqual(seen(builder));
      expect(suspended(client)).toEqual(suspended(builder));
    }
    expect(builder.session.unsaved + other.session.unsaved).toBe(0);
    declare(world, 'rule', 'one-lamp', {});
    await world.timers.advance(500);
    for (const client of [builder, other, world.owner]) {
      expect(seen(client)).toEqual(['first', 'second']);
      expect(suspended(client)).toEqual([]);
    }
  });

  it('[L7] let go what they hid once their event is redacted', async () => {
    const world = await twinWorld();
    world.owner.edit('a', { 'node.kind': 'lamp' });
    world.owner.edit('b', { 'node.kind': 'lamp' });
    await world.timers.advance(500);
    const builder = await world.open('builder');
    const event = declare(world, 'rule', 'one-lamp', rule(ONE_LAMP));
    await world.timers.advance(500);
    expect(seen(builder)).toEqual(['a']);
    expect(builder.changes.at(-1)).toMatchObject({ added: [], removed: ['b'] });
    await world.owner.homeserver.redact(world.room, event, '');
    await world.timers.advance(20_000);
    expect(seen(builder)).toEqual(['a', 'b']);
    expect(builder.changes.at(-1)).toMatchObject({ added: ['b'], removed: [] });
  });

  it('[L8] that are malformed or too many are problems, and change nothing', async () => {
    const world = await twinWorld();
    world.owner.edit('a', { 'node.kind': 'lamp' });
    declare(world, 'rule', 'odd', { kind: 'explode' });
    declare(world, 'rule', 'hollow', {
      kind: 'schema',
      component: 'acme:door',
      schema: { pattern: '(a+)+$' },
    });
    declare(world, 'component', 'acme:door', { schema: { $ref: '#' } });
    await world.timers.advance(500);
    const builder = await world.open('builder');
    expect(seen(builder)).toEqual(['a']);
    const reasons = builder.session.problems.map(({ carrier, reason }) => `${carrier}: ${reason}`).sort();
    expect(reasons).toEqual([
      expect.stringMatching(/^world\.weft\.component\/acme:door: .*schema uses \$ref/),
      expect.stringMatching(/^world\.weft\.rule\/hollow: .*schema uses pattern/),
      expect.stringMatching(/^world\.weft\.rule\/odd: .*kind should be one of schema, parent/),
    ]);
  });
});

describe('the components that a room declares', () => {
  it('[L7] judge what authors write, and list what others wrote', async () => {
    const world = await twinWorld();
    declare(world, 'component', 'acme:door', { schema: { properties: { open: { type: 'boolean' } } } });
    world.owner.edit('door', { 'acme:door.open': 'wide' });
    await world.timers.advance(500);
    const builder = await world.open('builder');
    expect(seen(builder)).toEqual(['door']);
    expect(builder.replica.scene.problems).toEqual([
      { reason: 'schema', object: 'door', path: 'acme:door.open', expected: 'true or false' },
    ]);
    const access = { userId: builder.homeserver.userId, level: 25 };
    const bytes = (length: number) => new Uint8Array(length);
    const edit = (open: unknown) => () =>
      composeEdit(builder.replica, access, bytes, (draft) => draft.set('door', { 'acme:door': { open } }));
    expect(edit(7)).toThrow(expect.objectContaining({ code: 'schema', path: 'acme:door.open' }));
    expect(edit(true)).not.toThrow();
  });
});
