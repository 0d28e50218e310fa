import { decodeObjectEvent, type EventContent, encodeObjectEvent, entriesOf, parseUserId } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { isRecord, type Json, plain } from '../json.ts';
import { patchJson } from './notation.ts';
import { randomPatch, times } from './random-patch.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const CASES = 40;
const SENDER = '@bob:b.org';
const AT_MS = 1_752_164_545_000;
const JUNK: readonly Json[] = [
  null,
  -1,
  5,
  'x',
  '~',
  '~[0.5]',
  '~~',
  [],
  [5, 'actor-zz'],
  {},
  { é: 1 },
  '@eve:e.org',
];
const KEYS = ['t', 'a', 'x', 'u', 'h', 'p', 'later'] as const;

export function generatedEvents(): VectorFile {
  return {
    kind: 'object-events',
    description: 'Events as core writes them, most of them tampered with afterwards. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/event/${at}`);
      const content = tampered(random, contentOf(random));
      const decoded = decodeObjectEvent({
        stateKey: 'obj',
        content,
        sender: parseUserId(SENDER),
        originServerTs: AT_MS,
      });
      return {
        name: `seed ${random.seed}`,
        why: 'core reads it so',
        event: { content, sender: SENDER, originServerTs: AT_MS },
        patch: patchJson(decoded.patch),
        handWritten: decoded.handWritten,
        problems: decoded.problems.map(({ path }) => path),
        extra: plain(decoded.extra),
      };
    }),
  };
}

function contentOf(random: SeededRandom): EventContent {
  const patch = randomPatch(random);
  const registers = new Map([...entriesOf(patch)].map(({ path, register }) => [path, register]));
  return registers.size === 0 ? {} : encodeObjectEvent({ registers, actors: patch.actors });
}

function tampered(random: SeededRandom, content: EventContent): Json {
  const whole = plain(content);
  if (!isRecord(whole)) return whole;
  if (random.chance(0.4)) return whole;
  const w = isRecord(whole.w) ? whole.w : {};
  if (random.chance(0.4)) return { ...whole, w: { ...w, [random.pick(KEYS)]: random.pick(JUNK) } };
  const component = random.pick(['node', 'acme:door', 'Bad', 'light']);
  const own = isRecord(whole[component]) ? whole[component] : {};
  const property = random.pick(['name', 'open', 'no.good', 'é']);
  return {
    ...whole,
    [component]: random.chance(0.2) ? random.pick(JUNK) : { ...own, [property]: random.pick(JUNK) },
  };
}
