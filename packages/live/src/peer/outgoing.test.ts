import { newActorId, parseObjectId } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { MAX_PEER_QUEUE, Outgoing } from './outgoing.ts';

const actor = newActorId(new SeededRandom('outgoing').bytes);
const part = (at: number) => ({ kind: 'patch', patch: Uint8Array.of(at) }) as const;
const problem = { id: parseObjectId('lamp'), path: null, code: 'forbidden', message: 'It is locked.' };

function kinds(outgoing: Outgoing): string[] {
  const said: string[] = [];
  for (let next = outgoing.next(); next !== null; next = outgoing.next()) said.push(`${next.n} ${next.kind}`);
  return said;
}

test('[PL3] a device is told who this is, what was refused, edits in their order, and nothing twice', () => {
  const outgoing = new Outgoing(actor);
  expect(outgoing.next()).toBeNull();
  outgoing.beat();
  outgoing.add({ kind: 'retract', patch: Uint8Array.of(9) });
  outgoing.add(part(1));
  outgoing.refuse(3, [problem]);
  outgoing.greet();
  expect(kinds(outgoing)).toEqual(['1 hello', '2 refused', '3 retract', '4 patch']);
  outgoing.beat();
  expect(kinds(outgoing)).toEqual(['5 here']);
});

test('[PL8] who asks is answered, and then told all in place of what waited', () => {
  const outgoing = new Outgoing(actor);
  outgoing.add(part(1));
  outgoing.answer(7);
  expect([outgoing.needsAll, outgoing.hasParts]).toEqual([true, false]);
  outgoing.add(part(2));
  outgoing.all([part(3)]);
  expect(outgoing.next()).toEqual({ kind: 'here', actor, of: 7, n: 1 });
  expect(outgoing.next()).toEqual({ ...part(3), n: 2 });
  expect(outgoing.next()).toBeNull();
});

test('[PL3] of 64 messages with edits all wait, and one more is left to the room', () => {
  for (const fill of [
    (outgoing: Outgoing, count: number) => {
      for (let at = 0; at < count; at += 1) outgoing.add(part(at));
    },
    (outgoing: Outgoing, count: number) => outgoing.all(Array.from({ length: count }, (_, at) => part(at))),
  ]) {
    const [full, more] = [new Outgoing(actor), new Outgoing(actor)];
    fill(full, MAX_PEER_QUEUE);
    fill(more, MAX_PEER_QUEUE + 1);
    expect([kinds(full).length, kinds(more).length]).toEqual([MAX_PEER_QUEUE, MAX_PEER_QUEUE]);
  }
});

test('[PL3] who is gone is owed nothing', () => {
  const outgoing = new Outgoing(actor);
  outgoing.greet();
  outgoing.answer(1);
  outgoing.add(part(1));
  outgoing.refuse(3, [problem]);
  outgoing.beat();
  outgoing.clear();
  expect([outgoing.next(), outgoing.needsAll]).toEqual([null, false]);
});
