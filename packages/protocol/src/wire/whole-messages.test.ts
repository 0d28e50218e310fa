import { propertySettings, SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { WholeMessages } from './whole-messages.ts';

interface Sent {
  readonly first: number;
  readonly payload: Uint8Array;
  readonly bytes: Buffer;
}

const SIZES = [0, 1, 3, 125, 126, 300, 65_535, 65_536];

/** A frame as clients send it, or relays. */
function frame(first: number, payload: Uint8Array, random: SeededRandom, isMasked: boolean): Sent {
  const { length } = payload;
  // A longer form of a length is one, too.
  const form = random.below(10) === 0 ? 127 : length > 65_535 ? 127 : length > 125 ? 126 : length;
  const head = Buffer.alloc(form < 126 ? 2 : form === 126 ? 4 : 10);
  head[0] = first;
  head[1] = isMasked ? 0x80 | form : form;
  if (form === 126) head.writeUInt16BE(length, 2);
  if (form === 127) head.writeBigUInt64BE(BigInt(length), 2);
  const mask = isMasked ? random.bytes(4) : new Uint8Array();
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return { first, payload, bytes: Buffer.concat([head, mask, masked]) };
}

/** Whole messages, messages in pieces with pings between them, texts and, perhaps, a closing frame in the middle. */
function conversation(random: SeededRandom, isMasked: boolean): Sent[] {
  const sent: Sent[] = [];
  const add = (first: number, payload: Uint8Array) => sent.push(frame(first, payload, random, isMasked));
  const payload = () => random.bytes(random.pick(SIZES));
  for (let step = random.below(12); step >= 0; step -= 1) {
    const dice = random.below(10);
    if (dice < 6) add(0x82, payload());
    else if (dice === 6) add(0x81, payload());
    else if (dice === 7) add(0x89, random.bytes(4));
    else if (dice === 8) {
      add(0x02, payload());
      if (random.chance(0.5)) add(0x8a, new Uint8Array());
      add(0x00, payload());
      add(0x80, payload());
    } else if (random.chance(0.2)) add(0x88, new Uint8Array());
  }
  return sent;
}

function chunksOf(bytes: Buffer, random: SeededRandom): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = random.pick([1, 7, 130, 5000, 70_000, bytes.length, bytes.length, bytes.length]);
    chunks.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length;
  }
  return chunks;
}

test('[LA3] what is taken out are whole binary messages in their order, and what is left is all else, byte for byte', () => {
  const { numRuns = 0, seed = 0 } = propertySettings(300);
  let taken = 0;
  for (let run = 0; run < numRuns; run += 1) {
    const random = new SeededRandom(`frames ${seed + run}`);
    const isMasked = random.chance(0.5);
    const sent = conversation(random, isMasked);
    const closing = sent.findIndex(({ first }) => first === 0x88);
    const whole = new WholeMessages({ isMasked });
    // Where each of the messages was taken out: after so many bytes of the rest.
    const messages: (readonly [number, Uint8Array])[] = [];
    const rest: Buffer[] = [];
    const restLength = () => rest.reduce((sum, { length }) => sum + length, 0);
    for (const chunk of chunksOf(Buffer.concat(sent.map(({ bytes }) => bytes)), random)) {
      let from = 0;
      for (let message = whole.at(chunk, from); message !== null; message = whole.at(chunk, from)) {
        messages.push([restLength(), message.slice()]);
        from = whole.end;
        if (from === chunk.length) break;
      }
      if (from === chunk.length) continue;
      rest.push(chunk.subarray(from));
      whole.follow(chunk.subarray(from));
    }
    // Taken apart anew: each message stands where a frame of its own begins and ends.
    const left: Buffer[] = [];
    let next = 0;
    for (const [at, { first, payload, bytes }] of sent.entries()) {
      const before = left.reduce((sum, { length }) => sum + length, 0);
      const [place, message] = messages[next] ?? [];
      const isTaken = first === 0x82 && place === before && Buffer.compare(message ?? bytes, payload) === 0;
      if (isTaken && (closing < 0 || at < closing)) next += 1;
      else left.push(bytes);
    }
    expect(next).toBe(messages.length);
    expect(Buffer.concat(rest).equals(Buffer.concat(left))).toBe(true);
    taken += next;
  }
  expect(taken).toBeGreaterThan(numRuns / 2);
});

test('[LA3] what a client does not mask, or a relay does, is for others to refuse', () => {
  const said = {
    masked: Uint8Array.of(0x82, 0x83, 0, 0, 0, 0, 1, 2, 3),
    plain: Uint8Array.of(0x82, 3, 1, 2, 3),
  };
  const [client, relay] = [true, false].map((isMasked) => new WholeMessages({ isMasked }));
  expect(client?.at(said.plain, 0)).toBeNull();
  expect(relay?.at(said.masked, 0)).toBeNull();
  expect(client?.at(said.masked, 0)).toEqual(Uint8Array.of(1, 2, 3));
  expect(relay?.at(said.plain, 0)).toEqual(Uint8Array.of(1, 2, 3));
});
