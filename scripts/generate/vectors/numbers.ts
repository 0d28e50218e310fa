import { canonicalJson, encodeWireValue, readValue } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { plain } from '../json.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const DOUBLES = 120;

/** The text of numbers, where implementations differ most often. */
export function generatedNumbers(): VectorFile {
  const random = new SeededRandom(`${SEED}/numbers`);
  const numbers = new Map<number, string>();
  for (let power = -324; power <= 308; power += 8) numbers.set(Number(`1e${power}`), `ten to the ${power}`);
  for (let power = 0; power <= 80; power += 5) numbers.set(2 ** power + 1, `about two to the ${power}`);
  while (numbers.size < DOUBLES) {
    const number = randomDouble(random);
    if (number !== null) numbers.set(number, 'random bits');
  }
  return {
    kind: 'values',
    description: 'Doubles, written with 17 digits, and their shortest text as ECMAScript has it. Generated.',
    cases: [...numbers].map(([number, why], at) => ({
      name: `number ${at}`,
      why,
      ...answer(number.toExponential(16)),
    })),
  };
}

function answer(json: string) {
  const value = readValue(JSON.parse(json)) ?? null;
  return { json, canonical: canonicalJson(value), wire: plain(encodeWireValue(value)) };
}

/** `null` where the bits are those of NaN or an infinity. */
function randomDouble(random: SeededRandom): number | null {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, random.uint32());
  view.setUint32(4, random.uint32());
  const number = view.getFloat64(0);
  return Number.isFinite(number) ? number : null;
}
