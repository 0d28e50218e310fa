import {
  encodeWireValue,
  type ObjectId,
  type Path,
  parseObjectId,
  parsePath,
  type Register,
  type Registers,
  readComponentEvents,
  type Value,
} from '@weft/core';
import { SeededRandom } from '@weft/testing';
import type { JsonRecord } from '../json.ts';
import { plain } from '../json.ts';
import { objectsJson } from './notation.ts';
import { randomRegister, times } from './random-patch.ts';
import { reductionOf } from './scene-hashes.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const CASES = 60;
const CARRIER = 'world.weft.component/';
const IDS = ['a', 'b', 'c'].map(parseObjectId);
const COMPONENTS = ['acme:door', 'acme:sign'];
const PROPERTIES = ['one', 'two', 'three'];
const BUILT_IN: readonly (readonly [Path, Value])[] = [
  [parsePath('transform.position'), [1, 2]],
  [parsePath('transform.rotation'), [0, 0, 0, 1]],
  [parsePath('node.tags'), ['x', '']],
  [parsePath('light.type'), 'point'],
  [parsePath('mesh.sha256'), 'ABC'],
];
const VALUES: readonly Value[] = [
  null,
  true,
  false,
  0,
  1,
  1.5,
  -1,
  'a',
  'ab',
  '😀',
  [],
  [1],
  [1, 'a', true],
  [[1.5]],
  {},
  { one: 1 },
  { one: 'a', two: [1] },
  { two: null },
];
/** With their keywords, each of which some value here fits and some other does not. */
const SCHEMAS: readonly Value[] = [
  {},
  { type: 'integer' },
  { type: ['number', 'boolean'] },
  { enum: [1, 'a', null, true] },
  { const: 1 },
  { minimum: 1, exclusiveMaximum: 1.5 },
  { exclusiveMinimum: 0, maximum: 1 },
  { minLength: 1, maxLength: 1 },
  { minItems: 1, maxItems: 2 },
  { prefixItems: [{ type: 'number' }, { type: 'string' }], additionalItems: false },
  { items: [{ const: 1 }] },
  { items: { anyOf: [{ type: 'number' }, { items: { type: 'integer' } }] } },
  { type: 'object', required: ['one'] },
  { properties: { one: { type: 'number' } }, additionalProperties: false },
  { additionalProperties: { type: 'array' } },
  { anyOf: [{ type: 'string' }, { type: 'array' }] },
  // These make the event one that declares nothing.
  { pattern: 'a' },
  { items: true },
  { anyOf: [] },
  { enum: [[1]] },
];
const READABLE = 16;

export function generatedDeclaredComponents(): VectorFile {
  return {
    kind: 'declared-components',
    description:
      'Random schemas of declared components, and what of random objects does not fit them. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/component/${at}`);
      return { name: `seed ${random.seed}`, why: 'core judges it so', ...answer(random) };
    }),
  };
}

function answer(random: SeededRandom) {
  const contents = new Map(COMPONENTS.map((name) => [name, contentOf(random)]));
  const read = readComponentEvents([...contents].map(([stateKey, content]) => ({ stateKey, content })));
  const objects = new Map(IDS.map((id): [ObjectId, Registers] => [id, registersOf(random)]));
  const reduction = reductionOf(objects);
  reduction.setComponents(new Map(read.components.map((component) => [component.name, component])));
  const misfits = new Map<ObjectId, string[]>();
  for (const problem of reduction.scene.problems)
    if (problem.reason === 'schema')
      misfits.set(problem.object, [...(misfits.get(problem.object) ?? []), problem.path]);
  return {
    components: plain(Object.fromEntries(contents)),
    declared: read.components.map(({ name }) => name),
    ignored: read.problems.map(({ carrier }) => carrier.slice(CARRIER.length)),
    registers: objectsJson(objects),
    misfits: plain(Object.fromEntries(misfits)),
  };
}

function contentOf(random: SeededRandom): JsonRecord {
  const each = () => random.pick(random.chance(0.9) ? SCHEMAS.slice(0, READABLE) : SCHEMAS);
  const declared = PROPERTIES.filter(() => random.chance(0.7)).map((name) => [name, each()] as const);
  const required = PROPERTIES.filter(() => random.chance(0.3));
  const schema: Value = {
    properties: Object.fromEntries(declared),
    ...(required.length === 0 ? {} : { required }),
    ...(random.chance(0.3) ? { additionalProperties: random.chance(0.5) ? false : each() } : {}),
  };
  return { schema: plain(encodeWireValue(schema)) };
}

function registersOf(random: SeededRandom): Registers {
  const registers = new Map<Path, Register>();
  const write = (path: Path, value: Value) => registers.set(path, { ...randomRegister(random), value });
  for (const component of COMPONENTS)
    for (const property of PROPERTIES)
      if (random.chance(0.5)) write(parsePath(`${component}.${property}`), random.pick(VALUES));
  const [path, value] = random.pick(BUILT_IN);
  write(path, value);
  return registers;
}
