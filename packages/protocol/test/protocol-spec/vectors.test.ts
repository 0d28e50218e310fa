import { createPublicKey, verify } from 'node:crypto';
import { fromBase64Url } from '@weft/core';
import { describe, expect, test } from 'vitest';
import {
  type Direction,
  decodeFrame,
  frameToJson,
  helloBytes,
  isSessionKey,
  PoseReader,
  type PoseUpdate,
  ProtocolError,
} from '../../src/index.ts';
import { specBytes, specFiles, specText } from './files.ts';

interface FrameCase {
  readonly name: string;
  readonly to: Direction;
  /** Hexadecimal. */
  readonly bytes?: string;
  readonly file?: string;
  /** What it says, or where that stands. */
  readonly frame?: unknown;
  readonly refused?: true;
}

interface PosesCase {
  readonly name: string;
  /** Handles, each with the parts beside its body, and whether it is an own one. */
  readonly movers: readonly (readonly [handle: number, parts: number, isOwn?: boolean])[];
  readonly frames: readonly {
    /** The time of a frame `pose-flow`; other frames are of the other kinds. */
    readonly at?: number;
    /** Hexadecimal. */
    readonly updates: string;
    readonly says?: unknown;
    readonly refused?: true;
  }[];
}

interface HelloCase {
  readonly name: string;
  readonly ticket: string;
  readonly nonce: string;
  readonly url: string;
  readonly room: string;
  readonly text: string;
  readonly key: string;
  readonly signature: string;
}

type VectorFile =
  | { readonly kind: 'frames'; readonly cases: readonly FrameCase[] }
  | { readonly kind: 'poses'; readonly cases: readonly PosesCase[] }
  | { readonly kind: 'hello-texts'; readonly cases: readonly HelloCase[] };

const SPKI_OF_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const files = specFiles('lane-vectors', '.json').map((path): [string, VectorFile] => [
  path,
  JSON.parse(specText(path)),
]);

describe.each(files)('[PF9] %s', (_path, { kind, cases }) => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    if (kind === 'frames' && 'to' in each) checkFrame(each);
    else if ('text' in each) checkHello(each);
    else if ('movers' in each) checkPoses(each);
  });
});

function checkFrame({ to, bytes, file, frame, refused }: FrameCase): void {
  const data =
    file === undefined ? Uint8Array.from(Buffer.from(bytes ?? '', 'hex')) : specBytes(`golden/${file}`);
  const run = () => frameToJson(to === 'to-relay' ? decodeFrame(data, to) : decodeFrame(data, to));
  if (refused) {
    expect(run).toThrow(ProtocolError);
    return;
  }
  const wanted: unknown = typeof frame === 'string' ? JSON.parse(specText(`golden/${frame}`)) : frame;
  expect(JSON.parse(JSON.stringify(run()))).toEqual(wanted);
}

function checkPoses({ movers, frames }: PosesCase): void {
  const reader = new PoseReader();
  for (const [handle, parts, isOwn = false] of movers) reader.add(handle, parts, isOwn);
  for (const { at, updates, says, refused } of frames) {
    const bytes = Uint8Array.from(Buffer.from(updates, 'hex'));
    const run = () => (at === undefined ? reader.read(bytes) : reader.readFlow(at, bytes));
    if (refused) expect(run).toThrow(ProtocolError);
    else expect(run().map(poseUpdateJson)).toEqual(says);
  }
}

/** What parts a mover has, its announcement says. */
function poseUpdateJson({ pose, ...rest }: PoseUpdate): unknown {
  if (pose === null) return { ...rest, pose };
  const { parts, numbers, ...said } = pose;
  expect(numbers.length).toBe(7 * (1 + parts.toString(2).replaceAll('0', '').length));
  return { ...rest, pose: { ...said, numbers: [...numbers] } };
}

function checkHello({ ticket, nonce, url, room, text, key, signature }: HelloCase): void {
  const signed = helloBytes({ ticket, nonce, url, room });
  expect(new TextDecoder().decode(signed)).toBe(text);
  expect(isSessionKey(key)).toBe(true);
  const spki = Buffer.concat([SPKI_OF_ED25519, fromBase64Url(key) ?? new Uint8Array()]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  expect(verify(null, signed, publicKey, fromBase64Url(signature) ?? new Uint8Array())).toBe(true);
}
