import { readFileSync } from 'node:fs';
import {
  contributionsOf,
  isActorId,
  MAX_CONTRIBUTION_BYTES,
  MAX_DOCUMENT_SLOTS,
  MAX_SLOT_PARTS,
  normaliseValue,
  type Path,
  pathOf,
  type Register,
  SLOT_PART_BYTES,
  timeFromMs,
  toBase64Url,
} from '@weft/core';
import { describe, expect, it } from 'vitest';
import {
  clientIdOf,
  MAX_CONTENT_DEPTH,
  MAX_DOCUMENT_CLOCK,
  MAX_DOCUMENT_STRUCTS,
  MAX_MESSAGE_STEPS,
  MAX_MESSAGE_STRUCTS,
  MAX_UPDATE_BYTES,
  SLOT_REST_MS,
} from '../../src/index.ts';

const SPEC = new URL('../../../../protocol-spec/', import.meta.url);
const ROW = /^\| `(?<name>[A-Z_]+)` \| (?<number>[\d,]+) \|/gm;

interface Vectors<Case> {
  readonly cases: readonly (Case & { readonly name: string })[];
}

function vectors<Case>(name: string): Vectors<Case>['cases'] {
  const read: Vectors<Case> = JSON.parse(
    readFileSync(new URL(`document-vectors/${name}.json`, SPEC), 'utf8'),
  );
  return read.cases;
}

function registersOf(values: Readonly<Record<string, unknown>>): ReadonlyMap<Path, Register> {
  const [actor = expect.fail()] = ['actor-of-vectors'].filter(isActorId);
  const stamp = { time: timeFromMs(1_767_225_600_000), actor };
  const registers = new Map<Path, Register>();
  for (const [text, value] of Object.entries(values)) {
    const [component = '', property = ''] = text.split('.');
    const path = pathOf(component, property);
    if (path !== undefined) registers.set(path, { value: normaliseValue(value, 'read a vector'), stamp });
  }
  return registers;
}

describe('the protocol’s page on documents', () => {
  it('[DO1] names the numbers of the code', () => {
    const page = readFileSync(new URL('documents.md', SPEC), 'utf8');
    const named = [...page.matchAll(ROW)].map(({ groups }) => [
      groups?.name,
      Number(groups?.number?.replaceAll(',', '')),
    ]);
    expect(Object.fromEntries(named)).toEqual({
      MAX_DOCUMENT_SLOTS,
      MAX_SLOT_PARTS,
      SLOT_PART_BYTES,
      MAX_CONTRIBUTION_BYTES,
      MAX_CONTENT_DEPTH,
      MAX_DOCUMENT_CLOCK,
      MAX_MESSAGE_STRUCTS,
      MAX_MESSAGE_STEPS,
      MAX_DOCUMENT_STRUCTS,
      SLOT_REST_MS,
    });
    expect(MAX_UPDATE_BYTES).toBe(MAX_CONTRIBUTION_BYTES);
  });

  for (const { name, actor, clientId } of vectors<{ actor: string; clientId: number }>('client-ids')) {
    it(`[DO9] gives the client id of ${name}`, () => {
      if (!isActorId(actor)) throw new Error(`${actor} is no actor id`);
      expect(clientIdOf(actor)).toBe(clientId);
      expect(Number.isSafeInteger(clientId)).toBe(true);
    });
  }

  const cases = vectors<{
    registers: Readonly<Record<string, unknown>>;
    contributions: readonly { slot: number; update: string }[];
  }>('contributions');
  for (const { name, registers, contributions } of cases) {
    it(`[DO2] says which contributions count: ${name}`, () => {
      const read = contributionsOf(registersOf(registers));
      expect(read.map(({ slot, update }) => ({ slot, update: toBase64Url(update) }))).toEqual(contributions);
    });
  }
});
