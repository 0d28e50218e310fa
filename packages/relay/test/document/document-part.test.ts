import { composeEpoch, type ObjectId } from '@weft/core';
import {
  clientIdOf,
  type DocumentHandle,
  encodeSyncMessage,
  SAVE_REST_MS,
  type SyncMessage,
} from '@weft/document';
import { CLOSE_CODES } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { DOCUMENT_LIMITS } from '../../src/document/document-limits.ts';
import { documentPart } from '../../src/document/document-part.ts';
import { Disk, PartRoom, type RelayClient } from './part-room.ts';

function roomWithSign(disk?: Disk) {
  const room = new PartRoom(documentPart(), disk);
  return { room, sign: room.addSign() };
}

const textOf = ({ ydoc }: DocumentHandle) => ydoc.getText('text').toString();

function say(client: RelayClient, sign: ObjectId, message: SyncMessage): void {
  client.send(sign, encodeSyncMessage('first', message));
}

function update(clientId: number, text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  doc.getText('text').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

describe('documents on a relay', () => {
  it('[DO8] are alike at once for all who have them open, and whole for who comes late', () => {
    const { room, sign } = roomWithSign();
    const [a, b] = [room.join('ann'), room.join('bob')].map((client) => client.documents.open(sign));
    if (a === undefined || b === undefined) throw new Error('two handles');
    a.ydoc.getText('text').insert(0, 'Hello');
    b.ydoc.getText('text').insert(5, ' world');
    expect([textOf(a), textOf(b)]).toEqual(['Hello world', 'Hello world']);
    const late = room.join('cid').documents.open(sign);
    expect(textOf(late)).toBe('Hello world');
    expect(late.status.value).toMatchObject({ isLive: true, isUnsaved: false });
    a.ydoc.getText('text').delete(0, 6);
    expect([textOf(b), textOf(late)]).toEqual(['world', 'world']);
  });

  it('[DO8] take up what was typed without a relay, deletions too', () => {
    const { room, sign } = roomWithSign();
    const ann = room.join('ann');
    const [a, b] = [ann.documents.open(sign), room.join('bob').documents.open(sign)];
    b.ydoc.getText('text').insert(0, 'common');
    room.leave(ann);
    ann.documents.laneIsLost();
    a.ydoc.getText('text').insert(0, 'alone ');
    a.ydoc.getText('text').delete(6, 3);
    expect(textOf(b)).toBe('common');
    // The same client on another socket: its copy stays.
    const back = room.join('ann');
    ann.person = back.person;
    Object.defineProperty(back, 'documents', { value: ann.documents });
    ann.documents.laneIsLive();
    expect(textOf(b)).toBe('alone mon');
    expect(textOf(a)).toBe(textOf(b));
  });

  it('[DO9] take structs of the socket’s own client and of nobody else', () => {
    const { room, sign } = roomWithSign();
    const [ann, eve] = [room.join('ann'), room.join('eve')];
    const a = ann.documents.open(sign);
    eve.documents.open(sign);
    a.ydoc.getText('text').insert(0, 'true');
    const forged = update(clientIdOf(ann.person.actor), 'FORGED');
    say(eve, sign, { type: 'update', update: forged });
    expect(room.expelled).toEqual([{ session: eve.person.session, code: CLOSE_CODES.forbidden }]);
    expect(textOf(a)).toBe('true');
    expect(textOf(room.join('late').documents.open(sign))).toBe('true');
  });

  it('[DO9] tell everybody the first of two stories that one client tells', () => {
    const { room, sign } = roomWithSign();
    const [ann, eve] = [room.join('ann'), room.join('eve')];
    const a = ann.documents.open(sign);
    eve.documents.open(sign);
    const id = clientIdOf(eve.person.actor);
    say(eve, sign, { type: 'update', update: update(id, 'honest') });
    say(eve, sign, { type: 'update', update: update(id, 'EVIL!!') });
    expect([textOf(a), textOf(room.join('late').documents.open(sign))]).toEqual(['honest', 'honest']);
  });

  it('[DO4] take nothing of who may not edit, or only looks, and show them all', () => {
    const { room, sign } = roomWithSign();
    const a = room.join('ann').documents.open(sign);
    const readers = [room.join('vic', 0), room.join('lou', 25, 'read')];
    const handles = readers.map((reader) => reader.documents.open(sign));
    a.ydoc.getText('text').insert(0, 'shown');
    for (const handle of handles) expect(textOf(handle)).toBe('shown');
    for (const reader of readers) {
      const id = clientIdOf(reader.person.actor);
      for (const type of ['update', 'answer'] as const) say(reader, sign, { type, update: update(id, 'x') });
    }
    expect(textOf(a)).toBe('shown');
    expect(room.expelled).toEqual([]);
    // Promoted, what they typed before is asked for.
    const [vic] = readers;
    if (vic === undefined) throw new Error('nobody');
    handles[0]?.ydoc.getText('text').insert(0, 'soon ');
    expect(textOf(a)).toBe('shown');
    room.setLevel(vic, 25);
    expect(textOf(a)).toBe('soon shown');
  });

  it('[DO5] close the socket of who sends what is none, and stay as they are', () => {
    const random = new SeededRandom('bytes');
    let refused = 0;
    for (let run = 0; run < 300; run++) {
      const { room, sign } = roomWithSign();
      const [ann, eve] = [room.join('ann'), room.join('eve')];
      const a = ann.documents.open(sign);
      eve.documents.open(sign);
      a.ydoc.getText('text').insert(0, 'safe');
      const sound = encodeSyncMessage('first', {
        type: 'update',
        update: update(clientIdOf(eve.person.actor), 'evil'),
      });
      for (let change = random.below(3); change >= 0; change--)
        sound[random.below(sound.length)] = random.below(256);
      eve.send(sign, sound);
      refused += room.expelled.length;
      expect(textOf(a)).toContain('safe');
      expect(room.has(ann)).toBe(true);
      const inserted = textOf(a).replace('safe', '');
      if (room.expelled.length > 0) expect(inserted).toBe('');
    }
    expect(refused).toBeGreaterThan(30);
  });

  it('[DO9] are open in bounded numbers', () => {
    const { room } = roomWithSign();
    const ann = room.join('ann');
    const signs = Array.from({ length: DOCUMENT_LIMITS.maxOpenPerSession + 1 }, () => room.addSign());
    const handles = signs.map((sign) => ann.documents.open(sign));
    expect(handles.map((handle) => handle.status.value.isLive)).toEqual(
      signs.map((_, at) => at < signs.length - 1),
    );
    handles[0]?.destroy();
    ann.documents.laneIsLive();
    expect(handles.at(-1)?.status.value.isLive).toBe(true);
    expect(room.join('bob').documents.open('nowhere' as ObjectId).status.value.isLive).toBe(false);
  });

  it('[DO10] outlive the relay: what was taken is kept until a slot holds it', async () => {
    const disk = new Disk();
    const { room, sign } = roomWithSign(disk);
    const ann = room.join('ann');
    ann.documents.open(sign).ydoc.getText('text').insert(0, 'typed just now');
    expect(disk.records).toHaveLength(1);
    // The relay dies, and the client with it.
    const next = new PartRoom(documentPart(), disk);
    next.receive(room.replica.toPatch());
    const late = next.join('bob').documents.open(sign);
    expect(textOf(late)).toBe('typed just now');
    // Bob's client saves what nobody saved.
    await next.timers.advance(60_000);
    late.destroy();
    await next.timers.advance(DOCUMENT_LIMITS.saveAfterMs);
    expect(disk.records).toEqual([]);
    expect(textOf(next.join('cid').documents.open(sign))).toBe('typed just now');
  });

  it('[DO10] are saved by the relay where all who had them are gone, for those who still may edit', async () => {
    for (const level of [25, 0]) {
      const disk = new Disk();
      const { room, sign } = roomWithSign(disk);
      const ann = room.join('ann');
      ann.documents.open(sign).ydoc.getText('text').insert(0, 'last words');
      room.leave(ann);
      ann.documents.laneIsLost();
      Object.assign(ann, { person: { ...ann.person, level: 0 } });
      room.levels.set(ann.person.user, level);
      await room.timers.advance(DOCUMENT_LIMITS.saveAfterMs);
      expect(room.adopted).toHaveLength(level === 25 ? 1 : 0);
      const written = [...(room.replica.registers(sign)?.keys() ?? [])].some((path) =>
        path.startsWith('document.s'),
      );
      expect(written).toBe(level === 25);
      // What may not be carried on is forgotten; the rest is kept until the room holds it.
      expect(disk.records).toHaveLength(level === 25 ? 1 : 0);
      room.receive(room.replica.livePatch());
      await room.timers.advance(DOCUMENT_LIMITS.saveAfterMs);
      expect(disk.records).toEqual([]);
      expect(room.timers.pending).toBe(0);
    }
  });

  it('[DO10] have one save under way at most, however much is typed while it lasts', () => {
    const { room, sign } = roomWithSign();
    const a = room.join('ann').documents.open(sign);
    const type = (bytes: number) => {
      for (let typed = 0; typed < bytes; typed += 1000) {
        a.ydoc.getText('text').insert(0, 'x'.repeat(1000));
        a.ydoc.getText('text').delete(0, 900);
      }
    };
    type(2 * DOCUMENT_LIMITS.maxKeptBytes);
    expect(room.saves).toBe(1);
    room.commit();
    type(2 * DOCUMENT_LIMITS.maxKeptBytes);
    expect(room.saves).toBe(2);
    expect(textOf(room.join('bob').documents.open(sign))).toBe(textOf(a));
  });

  it('[DO10] are freed with the last who leaves, timers too', async () => {
    const { room, sign } = roomWithSign();
    const [ann, bob] = [room.join('ann'), room.join('bob')];
    const [a, b] = [ann.documents.open(sign), bob.documents.open(sign)];
    a.ydoc.getText('text').insert(0, 'x');
    await room.timers.advance(SAVE_REST_MS);
    a.destroy();
    b.destroy();
    room.leave(ann);
    room.leave(bob);
    await room.timers.advance(10 * DOCUMENT_LIMITS.saveAfterMs);
    expect(room.records()).toEqual([]);
    room.part.close();
    expect(room.timers.pending).toBe(0);
  });

  it('[DO3] begin anew where their epoch does, and take nothing of the old one', () => {
    const { room, sign } = roomWithSign();
    const [ann, bob] = [room.join('ann'), room.join('bob')];
    const [a, b] = [ann.documents.open(sign), bob.documents.open(sign)];
    a.ydoc.getText('text').insert(0, 'old');
    room.receive(composeEpoch(ann.replica, ann.access, sign, 'second'));
    expect([textOf(a), textOf(b)]).toEqual(['', '']);
    say(ann, sign, { type: 'update', update: update(clientIdOf(ann.person.actor), 'stale') });
    a.ydoc.getText('text').insert(0, 'new');
    expect([textOf(a), textOf(b)]).toEqual(['new', 'new']);
    expect(textOf(room.join('late').documents.open(sign))).toBe('new');
  });
});
