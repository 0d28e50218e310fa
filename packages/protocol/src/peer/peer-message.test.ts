import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PEER_PATCH_BYTES, peerContent, readPeerMessage } from './peer-message.ts';

const PATCH = {
  kind: 'patch',
  room: '!room:example.org',
  memberId: 'member',
  n: 1,
  patch: Uint8Array.of(1, 2, 3),
} as const;

test('[PF8] a message to a peer reads back as it was written', () => {
  for (const kind of ['patch', 'retract'] as const)
    expect(readPeerMessage(peerContent({ ...PATCH, kind }))).toEqual({ ...PATCH, kind });
  for (const kind of ['hello', 'bye'] as const) {
    const message = { ...PATCH, kind, patch: null };
    expect(readPeerMessage(peerContent(message))).toEqual(message);
  }
});

test('[PF8] the patch of a peer is bounded', () => {
  const read = (length: number) => readPeerMessage(peerContent({ ...PATCH, patch: new Uint8Array(length) }));
  expect(read(MAX_PEER_PATCH_BYTES)?.patch).toHaveLength(MAX_PEER_PATCH_BYTES);
  expect(read(MAX_PEER_PATCH_BYTES + 1)).toBeNull();
  expect(read(0)).toBeNull();
});

test('[PF8] whatever a peer says, reading it does not throw', () => {
  const content = peerContent(PATCH);
  for (const wrong of [
    { kind: 'other' },
    { n: 0 },
    { n: 1.5 },
    { patch: '?' },
    { room_id: 'room' },
    { member_id: 7 },
  ])
    expect(readPeerMessage({ ...content, ...wrong })).toBeNull();
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom(...Object.keys(content)), (hostile, name) => {
      readPeerMessage(hostile);
      readPeerMessage({ ...content, [name]: hostile });
    }),
  );
});
