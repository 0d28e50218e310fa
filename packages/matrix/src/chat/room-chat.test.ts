import { createWorldRoom, type RoomUpdate } from '@weft/matrix';
import type { Said } from '@weft/protocol';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { TwinServer } from '@weft/testing/homeserver';
import { describe, expect, it } from 'vitest';
import { CHAT_BURST, CHAT_PAUSE_MS, type Heard, MAX_SAID_WAITING, RoomChat } from './room-chat.ts';

const said = (text: string, at = 0): Said => ({
  id: `id-0123456789-${String(at).padStart(4, '0')}`,
  text,
  user: null,
});

async function chats() {
  const timers = new FakeTimers();
  const server = new TwinServer({ timers });
  const random = new SeededRandom('chat');
  const ann = server.connect('ann');
  const bob = server.connect('bob');
  const settings = {
    title: 'Chat',
    access: 'private',
    invite: [bob.userId],
    timers,
    random: random.bytes,
  } as const;
  const room = await createWorldRoom(ann, settings);
  await bob.join(room, []);
  async function chatOf(homeserver: typeof ann) {
    const heard: Heard[] = [];
    const chat = new RoomChat({
      homeserver,
      room,
      timers,
      fraction: () => 0,
      heard: (one) => heard.push(one),
    });
    const update = (one: RoomUpdate) => chat.take(one);
    await homeserver.follow(room, { update, connection: () => undefined });
    return { chat, heard, homeserver };
  }
  const messages = () => server.room('look', room).timeline.filter(({ type }) => type === 'm.room.message');
  return { timers, server, room, messages, ann: await chatOf(ann), bob: await chatOf(bob) };
}

const textsOf = ({ heard }: { heard: readonly Heard[] }) => heard.map(({ text }) => text);

describe('the chat of a room', () => {
  it('[LW10] brings what is said to everybody, in order, and to any other Matrix client', async () => {
    const { timers, messages, ann, bob } = await chats();
    await Promise.all([ann.chat.say(said('Hello')), timers.advance(100)]);
    expect(bob.heard).toMatchObject([{ ...said('Hello'), sender: ann.homeserver.userId }]);
    expect(textsOf(ann)).toEqual(['Hello']);
    expect(messages().map(({ content }) => [content.msgtype, content.body])).toEqual([['m.text', 'Hello']]);
  });

  it('[LW10] puts together what comes up while the limit holds, and loses none of it', async () => {
    const { timers, messages, ann, bob } = await chats();
    const texts = Array.from({ length: 30 }, (_, at) => `${at}`);
    const there = texts.map((text, at) => ann.chat.say(said(text, at)));
    expect(ann.chat.unsaid).toBe(30);
    await timers.advance(CHAT_PAUSE_MS);
    expect(ann.chat.unsaid).toBe(0);
    await Promise.all(there);
    expect(messages().length).toBeLessThanOrEqual(CHAT_BURST);
    for (let at = 0; at < 20; at += 1) {
      void ann.chat.say(said(`later ${at}`, 100 + at));
      await timers.advance(1000);
    }
    await timers.advance(CHAT_PAUSE_MS);
    expect(messages().length).toBeLessThanOrEqual(CHAT_BURST + 6);
    expect(textsOf(bob)).toEqual([...texts, ...Array.from({ length: 20 }, (_, at) => `later ${at}`)]);
  });

  it('[LW10] waits for a homeserver that does not answer, and says once what it did not hear of', async () => {
    const { timers, messages, ann, bob } = await chats();
    ann.homeserver.faults.offline = true;
    const there = ann.chat.say(said('Hello'));
    await timers.advance(10_000);
    expect(messages()).toEqual([]);
    ann.homeserver.faults.offline = false;
    ann.homeserver.faults.add({ kind: 'answer-lost' });
    await timers.advance(60_000);
    await there;
    expect(textsOf(bob)).toEqual(['Hello']);
    expect(messages()).toHaveLength(1);
  });

  it('[LW10] tells who may not speak, and goes on', async () => {
    const { timers, server, room, ann, bob } = await chats();
    server.setMembership(room, ann.homeserver.userId, bob.homeserver.userId, 'ban');
    const refused = bob.chat.say(said('Hello')).catch((error: unknown) => error);
    await timers.advance(1000);
    expect(await refused).toMatchObject({ code: 'forbidden' });
    expect(bob.chat.unsaid).toBe(0);
  });

  it('[LW10] takes 200 sayings to wait and no more, and ends those that wait when it is stopped', async () => {
    const { ann } = await chats();
    ann.homeserver.faults.offline = true;
    const first = ann.chat.say(said('first'));
    const waiting = Array.from({ length: MAX_SAID_WAITING }, (_, at) => ann.chat.say(said('x', at)));
    await expect(ann.chat.say(said('one more'))).rejects.toMatchObject({ code: 'too-large' });
    ann.chat.stop();
    const ended = await Promise.allSettled([first, ...waiting]);
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['rejected']));
    await expect(ann.chat.say(said('after'))).rejects.toMatchObject({ code: 'closed' });
  });
});
