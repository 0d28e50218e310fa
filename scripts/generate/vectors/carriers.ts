import {
  type CarrierEvent,
  decodeBundle,
  decodeLayer,
  decodePersonal,
  encodePatch,
  type Patch,
  parseObjectId,
  parseUserId,
  patchOf,
  toBase64Url,
  type UserId,
  writerHashOf,
} from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { type Json, plain } from '../json.ts';
import { patchJson } from './notation.ts';
import { randomPatch, times } from './random-patch.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const CASES = 80;
const USERS = ['@ann:a.org', '@bob:b.org', '@é:c.org'].map(parseUserId);
const TYPES = ['world.weft.bundle', 'world.weft.bundle', 'world.weft.personal', 'world.weft.layer'] as const;
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const SOURCES: readonly Json[] = [
  'mxc://example.org/AbC-_9',
  'https://example.org:8443/a.weft?v=2',
  'ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/a',
  'http://example.org/a',
  'https://ann@example.org/a',
  'mxc://example.org/../a',
  'https://example.org/a b',
  'ipfs://short',
  7,
];
const JUNK: readonly Json[] = [null, true, 0, 1.5, 'x', '', [], {}, -1, 67_108_865];

export function generatedCarriers(): VectorFile {
  return {
    kind: 'carriers',
    description:
      'Bundles, personal events and layers as a writer makes them, most of them tampered with or sent by somebody else. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/carrier/${at}`);
      const type = random.pick(TYPES);
      const sender = random.pick(USERS);
      const event = {
        stateKey: stateKeyOf(random, type, random.chance(0.8) ? sender : random.pick(USERS)),
        content: contentOf(random, type, sender),
        sender,
        ...(random.chance(0.05) ? { redactedAtMs: 1_752_164_545_000 } : {}),
      };
      return { name: `seed ${random.seed}`, why: 'core reads it so', type, event, ...readingOf(type, event) };
    }),
  };
}

function readingOf(type: string, event: CarrierEvent): { readonly [name: string]: Json } {
  const read = type === 'world.weft.bundle' ? decodeBundle : decodePersonal;
  const layer = type === 'world.weft.layer' ? decodeLayer(event) : null;
  const { patch, problems, blob } = layer ?? read(event);
  return {
    patch: patchJson(patch),
    problems: problems.length,
    blob: blob === null ? null : plain({ ...blob }),
    ...(layer === null ? {} : { hash: layer.hash, covers: Object.fromEntries(layer.covers) }),
  };
}

function stateKeyOf(random: SeededRandom, type: string, owner: UserId): Json {
  if (type === 'world.weft.personal') return random.chance(0.1) ? `${owner} ` : owner;
  const slot = random.pick([0, 1, 1, 2, 7, 8]);
  return random.chance(0.1) ? `${writerHashOf(owner)}.0${slot}` : `${writerHashOf(owner)}.${slot}`;
}

function contentOf(random: SeededRandom, type: string, sender: UserId): Json {
  if (random.chance(0.05)) return {};
  const pointing = type === 'world.weft.layer' || random.chance(0.2);
  const content = pointing ? pointerContent(random) : packedContent(random, type, sender);
  return random.chance(0.15)
    ? { ...content, [random.pick(['v', 'patch', 'blob', 'later'])]: random.pick(JUNK) }
    : content;
}

function packedContent(
  random: SeededRandom,
  type: string,
  sender: UserId,
): { readonly [name: string]: Json } {
  const owner = random.chance(0.8) ? sender : random.pick(USERS);
  const isPersonal = random.chance(type === 'world.weft.personal' ? 0.8 : 0.2);
  const patch = isPersonal ? owned(randomPatch(random), owner) : randomPatch(random);
  const text = toBase64Url(encodePatch(patch));
  const at = random.below(text.length);
  if (random.chance(0.8)) return { v: 1, patch: text };
  return {
    v: 1,
    patch: random.pick([
      `${text}=`,
      `${text}A`,
      text.slice(0, at),
      `${text.slice(0, at)}_${text.slice(at + 1)}`,
    ]),
  };
}

/** The same of personal objects of this user, beside what it was. */
function owned(patch: Patch, owner: UserId): Patch {
  const mine = (id: string) => parseObjectId(`u_${writerHashOf(owner)}_${id}`.slice(0, 64));
  return patchOf({
    registers: [...patch.objects].flatMap(([id, { registers }]) =>
      [...registers].map(([path, register]) => ({ id: mine(id), path, register })),
    ),
    purges: [...patch.objects].flatMap(([id, { purge }]) =>
      purge === null ? [] : [[mine(id), purge] as const],
    ),
    actors: patch.actors,
  });
}

function pointerContent(random: SeededRandom): { readonly [name: string]: Json } {
  const blob = {
    sources: times(1 + random.below(10), () => random.pick(SOURCES)),
    sha256: random.chance(0.9) ? SHA256 : SHA256.toUpperCase(),
    bytes: random.pick([1, 4096, 67_108_864]),
    objects: random.pick([0, 100, 500_000]),
  };
  const covers = { 'world.weft.object lamp': '$event', 'world.weft.bundle x': random.pick(JUNK) };
  const hash = random.chance(0.8) ? '0123456789abcdef0123456789abcdef' : random.pick(JUNK);
  const tampered = random.chance(0.2)
    ? { ...blob, [random.pick(['sources', 'bytes', 'objects'])]: random.pick(JUNK) }
    : blob;
  return { v: 1, blob: tampered, hash, covers: random.chance(0.8) ? covers : random.pick(JUNK) };
}
