import { describe, expect, test } from 'vitest';
import { RelayedWorlds } from '../../test/relayed-worlds.ts';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import type { DocumentHandle, ObjectId, World } from '../index.ts';

const WITHIN_MS = 60_000;

const textOf = ({ ydoc }: DocumentHandle) => ydoc.getText('text').toString();

function addSign(world: World): ObjectId {
  return world.edit('add', (e) => e.add({ node: { name: 'Sign' } })).value;
}

/** A sign that the relay knows of. */
async function sharedSign(worlds: RelayedWorlds): Promise<ObjectId> {
  const sign = addSign(worlds.ann);
  await until(worlds, () => worlds.all.every((world) => world.get(sign) !== undefined));
  return sign;
}

async function until(worlds: RelayedWorlds, holds: () => boolean): Promise<void> {
  await worlds.until(holds, WITHIN_MS);
}

describe('documents of a world that has no lane', () => {
  test('[DO6] two clients write one text on an object, and a third reads it later', async () => {
    const twin = new TwinWorlds();
    const { ann, bob, cid } = await twin.three();
    const sign = addSign(ann);
    await twin.timers.advance(5000);
    const [a, b] = [ann.document(sign), bob.document(sign)];
    a.ydoc.getText('text').insert(0, 'Welcome to the plaza');
    await twin.timers.advance(10_000);
    expect(textOf(b)).toBe('Welcome to the plaza');
    b.ydoc.getText('text').insert(7, ', friends,');
    a.ydoc.getText('text').insert(20, '!');
    await twin.timers.advance(15_000);
    expect(textOf(a)).toBe('Welcome, friends, to the plaza!');
    expect(textOf(b)).toBe(textOf(a));
    const c = cid.document(sign);
    expect([textOf(c), c.status.value.canEdit, a.status.value.isUnsaved]).toEqual([textOf(a), false, false]);
    // Typing is no step of undo.
    ann.edit('name', (e) => e.set(sign, { node: { name: 'Board' } }));
    a.ydoc.getText('text').insert(0, '* ');
    await twin.timers.advance(10_000);
    ann.undo();
    expect([ann.get(sign)?.node?.name, textOf(a)]).toEqual(['Sign', '* Welcome, friends, to the plaza!']);
  });

  test('[DO7] what was typed is saved when the world is closed', async () => {
    const twin = new TwinWorlds();
    const ann = await twin.create('ann');
    const sign = addSign(ann);
    ann.document(sign).ydoc.getText('text').insert(0, 'last');
    expect(await twin.run(ann.close())).toEqual({ unsaved: 0 });
    const again = await twin.open('ann', ann.room);
    expect(textOf(again.document(sign))).toBe('last');
  });

  test('[DO2] an object with a long text travels, and is moved and named like any other', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const sign = addSign(ann);
    const long = Array.from({ length: 9000 }, (_, at) => `line ${at} `).join('');
    ann.document(sign).ydoc.getText('text').insert(0, long);
    await twin.timers.advance(30_000);
    ann.edit('move', (e) => e.set(sign, { transform: { position: [1, 2, 3] } }));
    await twin.timers.advance(30_000);
    expect(textOf(bob.document(sign))).toBe(long);
    expect([bob.get(sign)?.transform?.position, ann.status.value.unsaved]).toEqual([[1, 2, 3], 0]);
    const late = await twin.open('bob', ann.room);
    expect(textOf(late.document(sign))).toBe(long);
  });

  test('[DO3] a document that somebody emptied is set back from an earlier moment', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const sign = addSign(ann);
    await twin.timers.advance(5000);
    const [a, b] = [ann.document(sign), bob.document(sign)];
    a.ydoc.getText('text').insert(0, 'worth keeping');
    await twin.timers.advance(20_000);
    const before = twin.timers.now();
    await twin.timers.advance(20_000);
    b.restart();
    b.ydoc.getText('text').insert(0, 'rubbish');
    await twin.timers.advance(20_000);
    expect([textOf(a), textOf(b)]).toEqual(['rubbish', 'rubbish']);
    const moment = await twin.run(ann.at(before));
    ann.restore({ from: moment });
    await twin.timers.advance(20_000);
    expect([textOf(a), textOf(b)]).toEqual(['worth keeping', 'worth keeping']);
  });

  test('[DO4] the document of an object that is not there is refused by name', async () => {
    const twin = new TwinWorlds();
    const ann = await twin.create('ann');
    expect(() => ann.document('nowhere')).toThrow(/visible object/);
    expect(() => ann.document('no id!')).toThrow(/object id/);
  });
});

describe('documents of a world on a lane', () => {
  test('[DO8] are alike for all within a message, and saved in the object when they rest', async () => {
    const worlds = await RelayedWorlds.open();
    const { ann, bob, cid } = worlds;
    const sign = await sharedSign(worlds);
    const [a, b, c] = [ann, bob, cid].map((world) => world.document(sign));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three');
    await until(worlds, () => [a, b, c].every(({ status }) => status.value.isLive));
    a.ydoc.getText('text').insert(0, 'Hello');
    b.ydoc.getText('text').insert(0, 'Oh, ');
    await worlds.twin.timers.advance(200);
    expect([textOf(a), textOf(b)]).toEqual([textOf(c), textOf(c)]);
    expect(textOf(c)).toHaveLength(9);
    expect(a.status.value.isUnsaved).toBe(true);
    await worlds.twin.timers.advance(10_000);
    expect([a.status.value.isUnsaved, b.status.value.isUnsaved]).toEqual([false, false]);
    // A visitor's typing goes nowhere.
    c.ydoc.getText('text').insert(0, 'x');
    await worlds.twin.timers.advance(1000);
    expect(textOf(a)).toHaveLength(9);
  });

  test('[DO8] go on while the relay is away, and are alike again when it is back', async () => {
    const worlds = await RelayedWorlds.open();
    const { ann, bob } = worlds;
    const sign = await sharedSign(worlds);
    const [a, b] = [ann.document(sign), bob.document(sign)];
    await until(worlds, () => a.status.value.isLive && b.status.value.isLive);
    a.ydoc.getText('text').insert(0, 'before ');
    await worlds.twin.timers.advance(300);
    worlds.relay.kill();
    a.ydoc.getText('text').insert(7, 'while ');
    b.ydoc.getText('text').insert(7, 'away ');
    await until(worlds, () => !a.status.value.isLive && !b.status.value.isLive);
    await until(worlds, () => textOf(a).length === 18 && textOf(a) === textOf(b));
    await worlds.relay.start(ann.toPatch());
    for (const world of [ann, bob]) world.channel?.wake();
    await until(worlds, () => a.status.value.isLive && b.status.value.isLive);
    b.ydoc.getText('text').insert(0, 'back: ');
    await worlds.twin.timers.advance(300);
    expect(textOf(a)).toBe(textOf(b));
    expect(textOf(a)).toMatch(/^back: before (while away|away while) $/);
  });

  test('[DO11] show cursors in a document to the others, under the client that they are', async () => {
    const worlds = await RelayedWorlds.open();
    const { ann, bob } = worlds;
    const sign = await sharedSign(worlds);
    const [a, b] = [ann.document(sign), bob.document(sign)];
    a.awareness.setLocalState({ user: { name: 'Ann', color: '#c00000' }, cursor: { anchor: 1, head: 3 } });
    await worlds.twin.timers.advance(500);
    expect(b.awareness.getStates().get(a.ydoc.clientID)).toEqual(a.awareness.getLocalState());
    await worlds.twin.run(ann.close());
    await until(worlds, () => !b.awareness.getStates().has(a.ydoc.clientID));
  });
});

describe('the presence of a world', () => {
  test('[DO11] shows what others selected while they are there, and nothing of one that is gone', async () => {
    const worlds = await RelayedWorlds.open();
    const { ann, bob } = worlds;
    const sign = await sharedSign(worlds);
    ann.presence.set({ selection: [sign], color: '#c00000' });
    await until(worlds, () => bob.presence.others.value.length === 1);
    expect(bob.presence.others.value).toMatchObject([
      { user: '@ann:twin.test', state: { selection: [sign], color: '#c00000' } },
    ]);
    const before = bob.presence.others.value;
    await worlds.twin.timers.advance(5000);
    expect(bob.presence.others.value).toBe(before);
    ann.presence.set(null);
    await until(worlds, () => bob.presence.others.value.length === 0);
    ann.presence.set({ cursor: [0, 1, 2] });
    await until(worlds, () => bob.presence.others.value.length === 1);
    await worlds.twin.run(ann.close());
    await until(worlds, () => bob.presence.others.value.length === 0);
  });

  test('[DO11] is bounded, and refuses what is no state by name', async () => {
    const twin = new TwinWorlds();
    const ann = await twin.create('ann');
    expect(() => ann.presence.set({ note: 'x'.repeat(2037) })).not.toThrow();
    expect(() => ann.presence.set({ note: 'x'.repeat(2038) })).toThrow(/2048 bytes/);
    expect(() => ann.presence.set({ documents: {} })).toThrow(/documents/);
    expect(() => ann.presence.set({ at: Number.NaN })).toThrow(/finite/);
    expect(ann.presence.others.value).toEqual([]);
  });
});
