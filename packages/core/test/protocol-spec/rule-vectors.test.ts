import { describe, expect, it } from 'vitest';
import { misfitOf } from '../../src/components/custom-check.ts';
import { parseSchema } from '../../src/components/custom-schema.ts';
import {
  isList,
  type ObjectId,
  type Path,
  parseObjectId,
  Reduction,
  type Registers,
  readRuleEvents,
  reduceAll,
  type Value,
} from '../../src/index.ts';
import { specText } from './files.ts';
import { type RegistersJson, readRegisters } from './notation.ts';
import { reducedJson, sceneJson } from './scene-json.ts';
import type { ReductionCase, SceneJson } from './vectors.ts';

interface RuleCase extends ReductionCase {
  /** Contents of `world.weft.rule` events by state key. */
  readonly rules: Readonly<Record<string, Value>>;
  /** State keys of events that hold no rule. */
  readonly ignored: readonly string[];
}

interface SchemaCase {
  readonly name: string;
  readonly why: string;
  readonly schema: Value;
  readonly fits?: readonly Value[];
  readonly misfits?: readonly Value[];
  readonly refused?: true;
}

const reductions: { readonly cases: readonly RuleCase[] } = JSON.parse(
  specText('rule-vectors/reductions.json'),
);
const schemas: { readonly cases: readonly SchemaCase[] } = JSON.parse(specText('rule-vectors/schemas.json'));

describe('rule-vectors/reductions.json', () => {
  it.each(reductions.cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    const { children, hidden, problems } = each;
    const events = Object.entries(each.rules).map(([stateKey, content]) => ({ stateKey, content }));
    const { rules, problems: refused } = readRuleEvents(events);
    expect(refused.map(({ carrier }) => carrier.replace('world.weft.rule/', '')).sort()).toEqual(
      each.ignored,
    );
    const all = registersOf(each.registers);
    expect(wordless(reducedJson(reduceAll(all, { rules }), all))).toEqual({ children, hidden, problems });
    const objects = new Map<ObjectId, ReadonlySet<Path>>(
      [...all].map(([id, registers]) => [id, new Set(registers.keys())]),
    );
    const reduction = new Reduction((id) => all.get(id));
    reduction.apply(objects, 'matrix');
    reduction.apply(new Map(), 'matrix', rules);
    expect(wordless(sceneJson(reduction.scene, all))).toEqual({ children, hidden, problems });
  });
});

describe('rule-vectors/schemas.json', () => {
  it.each(schemas.cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    const reading = parseSchema(each.schema);
    if ('problem' in reading) {
      expect(each).toMatchObject({ refused: true });
      return;
    }
    expect(each.refused).toBeUndefined();
    for (const value of each.fits ?? []) expect(misfitOf(reading.schema, value)).toBeNull();
    for (const value of each.misfits ?? [])
      expect(misfitOf(reading.schema, value), String(value)).not.toBeNull();
  });
});

function registersOf(json: Readonly<Record<string, RegistersJson>>): Map<ObjectId, Registers> {
  return new Map(
    Object.entries(json).map(([id, registers]) => [parseObjectId(id), readRegisters(registers)]),
  );
}

/** What a rule accepts is said in words, which every implementation chooses for itself. */
function wordless({ problems, ...scene }: SceneJson): SceneJson {
  const each = problems !== null && typeof problems === 'object' && isList(problems) ? problems : [];
  const rest = each.map((problem) => {
    const { expected: _expected, ...facts } = Object(problem);
    return facts;
  });
  return { ...scene, problems: rest };
}
