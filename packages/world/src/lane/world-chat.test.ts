import { describe, expect, test } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import type { World } from '../world.ts';

/** Ann and Bob in a world, each on a lane that a test plays. */
async function talkers() {
  const twin = new TwinWorlds();
  const channels: FakeChannel[] = [];
  twin.makeLane = async () => (replica) => {
    const channel = new FakeChannel(replica);
    channels.push(channel);
    return { channel, stop: () => {} };
  };
  const { ann, bob } = await twin.three();
  const heardBy = (world: World) => {
    const heard: string[] = [];
    world.on('said', ({ user, by, text, own }) => heard.push(`${user}${by ?? ''}${own ? '!' : ''} ${text}`));
    return heard;
  };
  const of = (world: World) => channels.find((channel) => channel === world.channel) ?? expect.fail();
  return {
    twin,
    ann,
    bob,
    heard: { ann: heardBy(ann), bob: heardBy(bob) },
    lane: { ann: of(ann), bob: of(bob) },
  };
}

describe('what people say in a world', () => {
  test('[LW11] is told its speaker at once, and everybody when the room has it, once', async () => {
    const { twin, ann, heard } = await talkers();
    const there = ann.say('Hello');
    expect([heard.ann, heard.bob]).toEqual([['@ann:twin.test! Hello'], []]);
    await twin.run(there);
    await twin.timers.advance(1000);
    expect([heard.ann, heard.bob]).toEqual([['@ann:twin.test! Hello'], ['@ann:twin.test Hello']]);
  });

  test('[LW11] comes by the lane at once, and is not told again when the room brings it', async () => {
    const { twin, ann, bob, heard, lane } = await talkers();
    lane.ann.live();
    const there = ann.say('Hello');
    const [said = expect.fail()] = lane.ann.emitted;
    const event = { from: null, user: ann.userId, target: null, name: said.name, data: said.data };
    lane.bob.events.emit('event', event);
    lane.bob.events.emit('event', event);
    expect(heard.bob).toEqual(['@ann:twin.test Hello']);
    await twin.run(there);
    await twin.timers.advance(1000);
    expect([heard.ann, heard.bob]).toEqual([['@ann:twin.test! Hello'], ['@ann:twin.test Hello']]);
    await twin.run(bob.say('Hi'));
    lane.ann.events.emit('event', { ...event, user: bob.userId, data: { id: 'no' } });
    expect(heard.ann).toEqual(['@ann:twin.test! Hello', '@bob:twin.test Hi']);
  });

  test('[LW11] is heard from other Matrix clients, and says who speaks for whom', async () => {
    const { twin, ann, bob, heard } = await talkers();
    const room = twin.server.room('chat', ann.room);
    const say = (content: { readonly [name: string]: unknown }) =>
      twin.server.append(room, { type: 'm.room.message', sender: ann.userId, content });
    say({ msgtype: 'm.text', body: 'from Element' });
    const said = { id: 'id-0123456789-000', text: 'for Bob', user: bob.userId };
    say({ msgtype: 'm.text', body: `${bob.userId}: for Bob`, 'world.weft.said': [said] });
    await twin.timers.advance(1000);
    expect(heard.bob).toEqual(['@ann:twin.test from Element', '@bob:twin.test@ann:twin.test for Bob']);
  });

  test('[LW11] is refused where it is blank or too long, and waits to be sent when a world closes', async () => {
    const { twin, ann, heard } = await talkers();
    expect(() => ann.say(' ')).toThrow(/1 to 1000 characters/);
    expect(() => ann.say('x'.repeat(1001))).toThrow(/1001 characters/);
    const all = Array.from({ length: 5 }, (_, at) => ann.say(`${at}`));
    await twin.run(ann.close());
    await Promise.all(all);
    await twin.timers.advance(1000);
    expect(heard.bob).toHaveLength(5);
    await expect(ann.say('after')).rejects.toMatchObject({ code: 'closed' });
  });
});
