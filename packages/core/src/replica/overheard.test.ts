import { expect, test } from 'vitest';
import { isActorId, parseObjectId, parsePath } from '../ids.ts';
import { entriesOf, type Patch, patchOf } from '../register/patch.ts';
import { timeFromMs } from '../stamp/stamp.ts';
import type { ObjectRegisters } from './refused.ts';
import { Replica } from './replica.ts';

const START_MS = 1_700_000_000_000;
const [ME = expect.fail(), ANN = expect.fail(), BOB = expect.fail()] = [
  'actor-mine--',
  'actor-ann---',
  'actor-bob---',
].filter(isActorId);
const LAMP = parseObjectId('lamp');
const NAME = parsePath('node.name');

function said(value: string, ms: number, actor = ANN): Patch {
  const register = { value, stamp: { time: timeFromMs(START_MS + ms), actor } };
  return patchOf({ registers: [{ id: LAMP, path: NAME, register }] });
}

function replicaAt(): Replica {
  return new Replica({ actor: ME, now: () => START_MS + 1_000 });
}

function registersOf(patch: Patch): ObjectRegisters {
  return new Map([...patch.objects].map(([id, { registers }]) => [id, registers]));
}

const valuesOf = (patch: Patch) => [...entriesOf(patch)].map(({ register }) => register.value);

test('[PL2] what only peers said shows at once and is local, until a relay says it or the room brings it', () => {
  const replica = replicaAt();
  expect(replica.overhear(said('red', 1))).toMatchObject({ origin: 'live', added: [LAMP] });
  expect([replica.stage(LAMP), valuesOf(replica.overheardPatch())]).toEqual(['local', ['red']]);
  replica.hear(said('red', 1));
  expect([replica.stage(LAMP), valuesOf(replica.overheardPatch())]).toEqual(['held', []]);
  replica.overhear(said('red', 1));
  expect(replica.stage(LAMP)).toBe('held');
  replica.overhear(said('green', 2));
  expect([replica.stage(LAMP), valuesOf(replica.overheardPatch())]).toEqual(['local', ['green']]);
  replica.receive(said('green', 2), 'matrix');
  expect([replica.stage(LAMP), valuesOf(replica.overheardPatch())]).toEqual(['durable', []]);
});

test('[PL2] what a peer hid and a relay says meanwhile is the relay’s when it shows again', () => {
  const replica = replicaAt();
  replica.overhear(said('red', 1, BOB));
  const green = said('green', 2);
  replica.overhear(green);
  replica.hear(said('red', 1, BOB));
  expect(valuesOf(replica.overheardPatch())).toEqual(['green']);
  replica.retractLive(registersOf(green));
  expect([valuesOf(replica.livePatch()), valuesOf(replica.overheardPatch())]).toEqual([['red'], []]);
  expect(replica.stage(LAMP)).toBe('held');
});

test('[PL2] what is hidden among peers is still theirs when it shows again', () => {
  const replica = replicaAt();
  replica.overhear(said('red', 1, BOB));
  const green = said('green', 2);
  replica.overhear(green);
  replica.retractLive(registersOf(green));
  expect([replica.stage(LAMP), valuesOf(replica.overheardPatch())]).toEqual(['local', ['red']]);
});
