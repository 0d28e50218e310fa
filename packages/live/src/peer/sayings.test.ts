import {
  newActorId,
  type ObjectRegisters,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  timeFromMs,
} from '@weft/core';
import { decodeWirePatch } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { Peer } from './peer.ts';
import { MAX_PEER_RETRACTIONS, Sayings } from './sayings.ts';

const { bytes } = new SeededRandom('sayings');
const actor = newActorId(bytes);
const NAME = parsePath('node.name');

function peer(): Peer {
  const device = { user: '@bob:example.org', device: 'B', memberIds: ['b'] };
  return new Peer({ ...device, user: device.user as Peer['device']['user'] }, actor, 0);
}

function edit(id: string, ms: number): Patch {
  const register = { value: ms, stamp: { time: timeFromMs(ms), actor } };
  return patchOf({ registers: [{ id: parseObjectId(id), path: NAME, register }] });
}

const registersOf = ({ objects }: Patch): ObjectRegisters =>
  new Map([...objects].map(([id, { registers }]) => [id, registers]));

function said(to: Peer): string[] {
  const all: string[] = [];
  for (let next = to.outgoing.next(); next !== null; next = to.outgoing.next()) {
    if (next.kind !== 'patch' && next.kind !== 'retract') continue;
    const patch = decodeWirePatch(next.patch);
    for (const [id, { registers }] of patch.objects)
      for (const { value } of registers.values()) all.push(`${next.kind} ${id} ${value}`);
  }
  return all;
}

test('[PL3] of each property the newest is said, once, to all alike', () => {
  const [sayings, bob, cid] = [new Sayings(), peer(), peer()];
  for (const ms of [1, 2, 3]) sayings.add(edit('lamp', ms));
  sayings.handOut([bob, cid], () => patchOf({}));
  expect([said(bob), said(cid)]).toEqual([['patch lamp 3'], ['patch lamp 3']]);
  sayings.handOut([bob], () => patchOf({}));
  expect(said(bob)).toEqual([]);
});

test('[PL7] what the room refused is not said any more, nor is what waited with it said as it was', () => {
  const [sayings, bob] = [new Sayings(), peer()];
  sayings.add(edit('lamp', 1));
  sayings.retract(registersOf(edit('lamp', 1)), [bob]);
  sayings.handOut([bob], () => patchOf({}));
  expect(said(bob)).toEqual(['retract lamp 1']);
  sayings.add(edit('chair', 2));
  sayings.handOut([bob], () => patchOf({}));
  sayings.retract(registersOf(edit('chair', 2)), [bob]);
  sayings.handOut([bob], () => edit('table', 3));
  expect(said(bob)).toEqual(['retract lamp 1', 'retract chair 2', 'patch table 3']);
});

test('[PL7] newcomers are told of 1,024 registers that the room refused, and of no more', () => {
  const [sayings, bob] = [new Sayings(), peer()];
  for (let at = 0; at <= MAX_PEER_RETRACTIONS; at += 1) {
    sayings.retract(registersOf(edit(`box-${at}`, at + 1)), []);
    if (at < MAX_PEER_RETRACTIONS - 1) continue;
    bob.outgoing.tellAll();
    sayings.handOut([bob], () => patchOf({}));
    expect(said(bob)).toHaveLength(MAX_PEER_RETRACTIONS);
  }
});
