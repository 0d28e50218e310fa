import { newActorId, parseObjectId, parsePath } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PEER_PATCH_BYTES, type PeerBody, peerContent, readPeerMessage } from './peer-message.ts';
import { MAX_PEER_PROBLEMS } from './peer-problem.ts';

const HEAD = { room: '!room:example.org', memberId: 'member', n: 1 } as const;
const PATCH = { ...HEAD, kind: 'patch', patch: Uint8Array.of(1, 2, 3) } as const;
const PROBLEM = {
  id: parseObjectId('lamp'),
  path: parsePath('node.name'),
  code: 'forbidden',
  message: 'It is locked.',
} as const;
const REFUSED = { ...HEAD, kind: 'refused', of: 7, problems: [PROBLEM, { ...PROBLEM, path: null }] } as const;
const actor = newActorId(new SeededRandom('peer').bytes);
const BODIES: readonly PeerBody[] = [
  { kind: 'hello', actor },
  { kind: 'here', actor, of: null },
  { kind: 'here', actor, of: 3 },
  { kind: 'patch', patch: PATCH.patch },
  { kind: 'retract', patch: PATCH.patch },
  REFUSED,
  { kind: 'bye' },
];

test('[PF8] a message to a peer reads back as it was written', () => {
  for (const body of BODIES) {
    const message = { ...body, ...HEAD };
    expect(readPeerMessage(peerContent(message))).toEqual(message);
  }
});

test('[PF8] the patch of a peer, and the reasons of a refusal, are bounded', () => {
  const read = (length: number) => readPeerMessage(peerContent({ ...PATCH, patch: new Uint8Array(length) }));
  expect(read(MAX_PEER_PATCH_BYTES)).toHaveProperty('patch.length', MAX_PEER_PATCH_BYTES);
  expect(read(MAX_PEER_PATCH_BYTES + 1)).toBeNull();
  expect(read(0)).toBeNull();
  const refused = (count: number) =>
    readPeerMessage(peerContent({ ...REFUSED, problems: Array.from({ length: count }, () => PROBLEM) }));
  expect(refused(MAX_PEER_PROBLEMS)).toHaveProperty('problems.length', MAX_PEER_PROBLEMS);
  expect([refused(MAX_PEER_PROBLEMS + 1), refused(0)]).toEqual([null, null]);
  const longest = { ...PROBLEM, message: '\u4e00'.repeat(500), code: 'c'.repeat(32) };
  const problems = Array.from({ length: MAX_PEER_PROBLEMS }, () => longest);
  expect(readPeerMessage(peerContent({ ...REFUSED, problems }))).toEqual({ ...REFUSED, problems });
});

test('[PF8] whatever a peer says, reading it does not throw', () => {
  const content = peerContent(PATCH);
  for (const wrong of [
    { kind: 'other' },
    { kind: 'hello' },
    { kind: 'hello', actor: '@bob:example.org' },
    { n: 0 },
    { n: 1.5 },
    { patch: '?' },
    { room_id: 'room' },
    { member_id: 7 },
    { ...peerContent(REFUSED), of: 0 },
    { kind: 'here', actor, of: 0 },
    { ...peerContent(REFUSED), problems: [{ ...PROBLEM, object_id: 'root' }] },
    { ...peerContent(REFUSED), problems: [{ object_id: 'lamp', path: 'none', code: 'c', message: 'm' }] },
  ])
    expect(readPeerMessage({ ...content, ...wrong })).toBeNull();
  const refused = peerContent(REFUSED);
  fc.assert(
    fc.property(
      fc.anything(),
      fc.constantFrom(...Object.keys({ ...content, ...refused })),
      (hostile, name) => {
        readPeerMessage(hostile);
        readPeerMessage({ ...content, [name]: hostile });
        readPeerMessage({ ...refused, [name]: hostile });
        readPeerMessage({ ...refused, problems: [hostile] });
      },
    ),
  );
});
