import { composeContribution, contributionsOf, type ObjectId } from '@weft/core';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { applyUpdate, encodeStateAsUpdate } from 'yjs';
import { MemoryClient, MemoryRoom } from '../../test/memory-client.ts';
import { MAX_UPDATE_BYTES } from '../limits.ts';
import { SLOT_REST_MS } from '../merge/choose-slot.ts';
import { RESCUE_MS, SAVE_MAX_MS, SAVE_REST_MS } from './document-saver.ts';
import type { DocumentHandle } from './documents.ts';

class Scene {
  readonly timers = new FakeTimers();
  readonly room = new MemoryRoom();
  readonly ann = this.client('ann');
  readonly bob = this.client('bob');
  readonly sign: ObjectId;

  constructor() {
    this.sign = this.ann.addSign();
    this.room.deliver();
  }

  client(name: string): MemoryClient {
    return new MemoryClient(name, this.room, this.timers);
  }

  open(client: MemoryClient): DocumentHandle {
    return client.documents.open(this.sign);
  }

  /** Until everything is saved, delivered and taken in. */
  async rest(ms = SAVE_REST_MS): Promise<void> {
    await this.timers.advance(ms);
    this.room.deliver();
  }

  slots(client = this.ann): readonly number[] {
    return contributionsOf(client.replica.registers(this.sign) ?? new Map()).map(({ slot }) => slot);
  }
}

const textOf = ({ ydoc }: DocumentHandle) => ydoc.getText('text').toString();

describe('documents over a room alone', () => {
  it('[DO6] are the same for two who type at once, and for who opens them later', async () => {
    const scene = new Scene();
    const [a, b] = [scene.open(scene.ann), scene.open(scene.bob)];
    a.ydoc.getText('text').insert(0, 'Welcome');
    b.ydoc.getText('text').insert(0, 'Bienvenue');
    await scene.rest();
    await scene.rest();
    expect(textOf(a)).toBe(textOf(b));
    expect(textOf(a)).toContain('Welcome');
    expect(textOf(a)).toContain('Bienvenue');
    const late = scene.open(scene.client('cid'));
    expect(textOf(late)).toBe(textOf(a));
    expect(late.ydoc.clientID).not.toBe(a.ydoc.clientID);
    expect(a.status.value).toEqual({ canEdit: true, isLive: false, isUnsaved: false, problem: null });
  });

  it('[DO6] are saved when typing rests, and every five seconds while it does not', async () => {
    const scene = new Scene();
    const a = scene.open(scene.ann);
    const before = scene.ann.writes;
    for (let ms = 0; ms < 2 * SAVE_MAX_MS; ms += 100) {
      a.ydoc.getText('text').insert(0, 'x');
      await scene.timers.advance(100);
    }
    expect(scene.ann.writes - before).toBe(2);
    a.ydoc.getText('text').insert(0, 'y');
    expect(a.status.value.isUnsaved).toBe(true);
    await scene.rest();
    expect(a.status.value.isUnsaved).toBe(false);
    expect(scene.slots()).toHaveLength(1);
    await scene.rest(10 * RESCUE_MS);
    expect(scene.ann.writes - before).toBe(3);
  });

  it('[DO7] lose nothing where two take the same slot at once', async () => {
    let clashes = 0;
    for (let seed = 0; seed < 40; seed++) {
      const scene = new Scene();
      const clients = [
        scene.ann,
        scene.bob,
        ...Array.from({ length: 6 }, (_, at) => scene.client(`p${seed}-${at}`)),
      ];
      const handles = clients.map((client) => scene.open(client));
      for (const [at, { ydoc }] of handles.entries()) ydoc.getText('text').insert(0, `<${at}>`);
      await scene.timers.advance(SAVE_REST_MS);
      scene.room.deliver();
      if (new Set(scene.slots()).size < clients.length) clashes += 1;
      for (let round = 0; round < 8; round++) await scene.rest(SAVE_REST_MS);
      const late = scene.open(scene.client(`late-${seed}`));
      for (const at of handles.keys()) expect(textOf(late)).toContain(`<${at}>`);
      for (const handle of handles) expect(textOf(handle)).toBe(textOf(late));
    }
    expect(clashes).toBeGreaterThan(10);
  });

  it('[DO7] merge back what lost its slot while its author was away', async () => {
    const scene = new Scene();
    const a = scene.open(scene.ann);
    a.ydoc.getText('text').insert(0, 'first ');
    await scene.rest();
    // Ann goes offline, types, and closes; meanwhile her slot is at rest and taken over.
    scene.room.leave(scene.ann);
    a.ydoc.getText('text').insert(6, 'offline ');
    a.destroy();
    await scene.timers.advance(SLOT_REST_MS + 1000);
    const b = scene.open(scene.bob);
    b.ydoc.getText('text').insert(0, 'taken ');
    await scene.rest();
    expect(scene.slots(scene.bob)).toHaveLength(1);
    scene.ann.receive(scene.bob.replica.toPatch());
    scene.room.join(scene.ann);
    await scene.rest();
    await scene.rest();
    const late = scene.open(scene.client('late'));
    for (const word of ['first', 'offline', 'taken']) expect(textOf(late)).toContain(word);
    expect(textOf(b)).toBe(textOf(late));
  });

  it('[DO7] keep what a slot held when it is taken over, so that one person needs one slot', async () => {
    const scene = new Scene();
    for (let day = 0; day < 5; day++) {
      const client = scene.client(`day-${day}`);
      const handle = scene.open(client);
      handle.ydoc.getText('text').insert(0, `${day} `);
      await scene.rest();
      handle.destroy();
      client.documents.close();
      await scene.timers.advance(SLOT_REST_MS + 1);
    }
    expect(scene.slots()).toHaveLength(1);
    expect(textOf(scene.open(scene.ann))).toBe('4 3 2 1 0 ');
  });

  it('[DO7] are saved by whoever has them, where their author is gone', async () => {
    const scene = new Scene();
    const [a, b] = [scene.open(scene.ann), scene.open(scene.bob)];
    a.ydoc.getText('text').insert(0, 'only ever live');
    // What the lane would have brought.
    const update = encodeStateAsUpdate(a.ydoc);
    scene.room.leave(scene.ann);
    scene.ann.documents.close();
    applyUpdate(b.ydoc, update, 'lane');
    await scene.rest(3 * RESCUE_MS);
    expect(textOf(scene.open(scene.client('late')))).toBe('only ever live');
  });

  it('[DO3] begin anew for everybody, with what the author keeps', async () => {
    const scene = new Scene();
    const [a, b] = [scene.open(scene.ann), scene.open(scene.bob)];
    a.ydoc.getText('text').insert(0, 'old');
    await scene.rest();
    let restarts = 0;
    b.onRestart(() => {
      restarts += 1;
    });
    const before = b.ydoc;
    a.restart((ydoc) => ydoc.getText('text').insert(0, 'new'));
    await scene.rest();
    await scene.rest();
    expect([textOf(a), textOf(b)]).toEqual(['new', 'new']);
    expect(restarts).toBe(1);
    expect(b.ydoc).not.toBe(before);
    expect(textOf(scene.open(scene.client('late')))).toBe('new');
  });

  it('[DO4] show everything to who may not edit, and take nothing of theirs', async () => {
    const scene = new Scene();
    scene.bob.access.level = 0;
    const [a, b] = [scene.open(scene.ann), scene.open(scene.bob)];
    a.ydoc.getText('text').insert(0, 'for all');
    await scene.rest();
    expect(textOf(b)).toBe('for all');
    expect(b.status.value.canEdit).toBe(false);
    const before = scene.bob.writes;
    b.ydoc.getText('text').insert(0, 'mine ');
    await scene.rest(10 * RESCUE_MS);
    expect(scene.bob.writes).toBe(before);
    expect(textOf(a)).toBe('for all');
    // The day they may, what they typed goes out.
    scene.bob.access.level = 25;
    scene.bob.documents.standingChanged();
    await scene.rest(3 * RESCUE_MS);
    expect(textOf(a)).toBe('mine for all');
  });

  it('[DO5] that a stranger spoils stay as they are, and say so', async () => {
    const scene = new Scene();
    const a = scene.open(scene.ann);
    a.ydoc.getText('text').insert(0, 'good');
    await scene.rest();
    const spoilt = new SeededRandom('spoilt').bytes(500);
    const patch = composeContribution(scene.bob.replica, scene.bob.access, scene.sign, {
      slot: 30,
      update: spoilt,
    });
    scene.bob.write(patch);
    await scene.rest();
    expect(textOf(a)).toBe('good');
    expect(a.status.value.problem?.code).toBe('malformed');
    a.ydoc.getText('text').insert(4, ' still');
    await scene.rest();
    expect(textOf(scene.open(scene.client('late')))).toBe('good still');
  });

  it('[DO6] past 144,000 bytes are not saved, say so, and can be begun anew', async () => {
    const scene = new Scene();
    const a = scene.open(scene.ann);
    a.ydoc.getText('text').insert(0, 'x'.repeat(MAX_UPDATE_BYTES - 100));
    await scene.rest();
    expect(a.status.value).toMatchObject({ isUnsaved: false, problem: null });
    a.ydoc.getText('text').insert(0, 'y'.repeat(200));
    await scene.rest();
    expect(a.status.value).toMatchObject({ isUnsaved: true, problem: { code: 'full' } });
    a.destroy();
    // What could not be saved is still there for this client.
    expect(textOf(scene.open(scene.ann)).length).toBe(MAX_UPDATE_BYTES + 100);
    a.restart((ydoc) => ydoc.getText('text').insert(0, 'short'));
    await scene.rest();
    expect(a.status.value).toMatchObject({ isUnsaved: false, problem: null });
  });

  it('[DO6] share one copy in one client, which goes with the last who lets go of it', async () => {
    const scene = new Scene();
    const [one, two] = [scene.open(scene.ann), scene.open(scene.ann)];
    expect(one.ydoc).toBe(two.ydoc);
    one.ydoc.getText('text').insert(0, 'kept');
    one.destroy();
    one.destroy();
    two.destroy();
    expect(scene.timers.pending).toBe(0);
    scene.room.deliver();
    const again = scene.open(scene.ann);
    expect(again.ydoc).not.toBe(two.ydoc);
    expect(textOf(again)).toBe('kept');
    scene.ann.documents.close();
    scene.bob.documents.close();
    expect(scene.timers.pending).toBe(0);
  });
});
