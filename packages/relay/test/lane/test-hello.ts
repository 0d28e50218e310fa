import type { ActorId } from '@weft/core';
import type { Hello } from '@weft/protocol';

/** A hello of somebody who was let in: rooms look at neither ticket nor signature. */
export function testHello(actor: ActorId, changes: Partial<Hello> = {}): Hello {
  return {
    type: 'hello',
    version: 1,
    room: '!world',
    ticket: 'ticket',
    nonce: 'nonce',
    signature: new Uint8Array(64),
    actor,
    former: [],
    position: null,
    setHash: null,
    mode: 'play',
    ...changes,
  };
}
