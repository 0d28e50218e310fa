import { MAX_CLOCK_LEAD_MS, type Patch, parseObjectId, parseUserId, patchOf, timeFromMs } from '@weft/core';
import { encodeWirePatch, MAX_PEER_PATCH_BYTES } from '@weft/protocol';
import { keepResult } from '@weft/testing/tried';
import { expect, test } from 'vitest';
import { MAX_PEER_BURST } from '../../src/peer/flood-gate.ts';
import { MAX_JUDGED_EDITS } from '../../src/peer/peer-intake.ts';
import { ROOM } from '../sim-peers.ts';
import { Attack, LAMP, NAME } from './attack.ts';
import { PEER_ATTACK_CASES, type PeerAttackId } from './peer-attack-cases.ts';
import { PEER_ATTACKS_PAGE } from './peer-attacks-page.ts';

const CHAIR = parseObjectId('chair');

/**
 * One attack: fails where what comes of it is not what has to.
 *
 * @param run tries it, and says in few words what came of it
 */
function peerAttack(
  id: PeerAttackId,
  law: string,
  run: (attack: Attack) => Promise<string>,
  level?: number,
): void {
  const { title, tried } = PEER_ATTACK_CASES.find((each) => each.id === id) ?? expect.fail(id);
  test(`[${law}] ${title}: ${tried}`, async () => {
    const attack = await Attack.open(level);
    try {
      keepResult(PEER_ATTACKS_PAGE, id, await run(attack));
    } finally {
      await attack.peers.close();
    }
  });
}

test('[PL4] what a member of the room says from a published device is taken in', async () => {
  const attack = await Attack.open();
  attack.write(attack.patch('mine', { claims: [attack.mallory.user] }));
  expect([await attack.refusals(), attack.shown]).toEqual([[], ['mine']]);
  await attack.peers.close();
});

for (const [id, act] of [
  [
    'outsider',
    (attack) => {
      attack.ann.levels = new Map([...attack.ann.levels].filter(([user]) => user !== attack.mallory.user));
      attack.write(attack.patch('outside'));
    },
  ],
  ['stranger', (attack) => attack.write(attack.patch('forged'), { sender: parseUserId('@eve:example.org') })],
  ['foreign-member', (attack) => attack.write(attack.patch('forged'), { sender: attack.ann.user })],
  ['hidden-device', (attack) => attack.write(attack.patch('hidden'), { memberId: 'other' })],
  ['other-room', (attack) => attack.write(attack.patch('else'), { room: '!other:example.org' })],
] as const satisfies readonly (readonly [PeerAttackId, (attack: Attack) => void])[])
  peerAttack(id, 'PL4', async (attack) => {
    act(attack);
    expect([await attack.refusals(), attack.shown]).toEqual([[], []]);
    return 'nothing taken, nothing answered';
  });

for (const [id, code, patch] of [
  ['foreign-author', 'forbidden', (attack) => attack.patch('x', { actor: attack.ann.replica.clock.actor })],
  ['foreign-claim', 'forbidden', (attack) => attack.patch('x', { claims: [attack.ann.user] })],
  [
    'foreign-keepsake',
    'forbidden',
    (attack) => attack.patch('x', { id: parseObjectId(`u_${'A'.repeat(22)}_x`) }),
  ],
] as const satisfies readonly (readonly [PeerAttackId, string, (attack: Attack) => Patch])[])
  peerAttack(id, 'PL4', async (attack) => {
    attack.write(patch(attack));
    const refusals = await attack.refusals();
    expect([refusals, attack.shown]).toEqual([[code], []]);
    return `\`${refusals.join()}\`, nothing taken`;
  });

peerAttack('from-the-future', 'PL4', async (attack) => {
  attack.write(attack.patch('x', { aheadMs: MAX_CLOCK_LEAD_MS + 1 }));
  expect([await attack.refusals(), attack.shown]).toEqual([['limit'], []]);
  attack.write(attack.patch('early', { aheadMs: MAX_CLOCK_LEAD_MS }));
  expect([await attack.refusals(), attack.shown]).toEqual([['limit'], ['early']]);
  return '`limit`; the other was taken';
});

peerAttack('known-author', 'PL4', async (attack) => {
  const cid = await attack.peers.add();
  await attack.peers.untilLive();
  cid.set(LAMP, { [NAME]: 'Cid’s' });
  await attack.peers.timers.advance(1_000);
  attack.write(attack.patch('x', { actor: cid.replica.clock.actor, aheadMs: 1_000 }));
  expect([await attack.refusals(), attack.shown]).toEqual([['forbidden'], ['Cid’s']]);
  return '`forbidden`; the third’s edit shows';
});

// Nobody would bring to the room what a visitor moved.
peerAttack(
  'visitor',
  'PL4',
  async (attack) => {
    attack.write(attack.patch('x'));
    expect([await attack.refusals(), attack.shown]).toEqual([['read-only'], []]);
    return '`read-only`, nothing taken';
  },
  0,
);

peerAttack('crowded-patch', 'PL5', async (attack) => {
  const edits = (count: number) =>
    patchOf({
      registers: Array.from({ length: count }, (_, at) => ({
        id: parseObjectId(`box-${count}-${at}`),
        path: NAME,
        register: {
          value: at,
          stamp: {
            time: timeFromMs(attack.peers.timers.now() + at),
            actor: at === 1 ? attack.ann.replica.clock.actor : attack.actor,
          },
        },
      })),
    });
  attack.write(edits(MAX_JUDGED_EDITS));
  expect([await attack.refusals(), attack.shown.length]).toEqual([['forbidden'], MAX_JUDGED_EDITS - 1]);
  attack.write(edits(MAX_JUDGED_EDITS + 1));
  await attack.refusals();
  expect(attack.shown).toHaveLength(MAX_JUDGED_EDITS - 1);
  return `${MAX_JUDGED_EDITS - 1} taken, one \`forbidden\`; of ${MAX_JUDGED_EDITS + 1} none`;
});

peerAttack('foreign-retraction', 'PL5', async (attack) => {
  const cid = await attack.peers.add();
  await attack.peers.untilLive();
  const patch = cid.set(CHAIR, { [NAME]: 'Chair' });
  await attack.peers.timers.advance(1_000);
  attack.say({ kind: 'retract', patch: encodeWirePatch(patch) });
  await attack.peers.timers.advance(1_000);
  expect(attack.ann.value(CHAIR, NAME)).toBe('Chair');
  return 'it still shows';
});

peerAttack('malformed', 'PL5', async (attack) => {
  const { peers, ann, mallory, memberId } = attack;
  const head = { room_id: ROOM, member_id: memberId, n: 20_000 };
  const garbage = Buffer.alloc(MAX_PEER_PATCH_BYTES, 0xc1).toString('base64url');
  const tooLarge = Buffer.alloc(MAX_PEER_PATCH_BYTES + 1, 1).toString('base64url');
  const contents = [
    {},
    { ...head },
    { ...head, kind: 'patch' },
    { ...head, kind: 'patch', patch: '????' },
    { ...head, kind: 'patch', patch: garbage },
    { ...head, kind: 'retract', patch: garbage },
    { ...head, kind: 'patch', patch: tooLarge },
    { ...head, kind: 'hello', actor: mallory.user },
    { ...head, kind: 'hello', actor: 7 },
    { ...head, kind: 'refused', of: 1, problems: 'x' },
    { ...head, kind: 'patch', patch: 'A'.repeat(70_000) },
    { ...head, n: '1', kind: 'bye' },
    { ...head, kind: '__proto__' },
  ];
  for (const content of contents) peers.deliver(mallory.user, ann.user, ann.name, content);
  await peers.timers.advance(1_000);
  expect([contents.length, attack.shown]).toEqual([13, []]);
  attack.write(attack.patch('still heard'));
  await peers.timers.advance(1_000);
  expect(attack.shown).toEqual(['still heard']);
  return 'nothing taken of 13; the next real edit shows';
});

// Nobody else waits for who floods.
peerAttack('flood', 'PL5', async (attack) => {
  const { ann, peers } = attack;
  const cid = await peers.add();
  await peers.untilLive();
  await peers.timers.advance(30_000);
  for (let at = 0; at < 10_000; at += 1)
    attack.write(attack.patch('x', { id: parseObjectId(`flood-${at}`) }));
  const taken = attack.shown.length;
  expect(taken).toBeLessThanOrEqual(MAX_PEER_BURST);
  expect(taken).toBeGreaterThan(MAX_PEER_BURST - 5);
  cid.set(CHAIR, { [NAME]: 'Chair' });
  const sentMs = peers.timers.now();
  await peers.until(() => ann.value(CHAIR, NAME) === 'Chair', 1_000);
  expect(cid.value(CHAIR, NAME)).toBe('Chair');
  return `${taken} of 10,000 taken; the third’s edit shows after ${Math.round(peers.timers.now() - sentMs)} ms`;
});
