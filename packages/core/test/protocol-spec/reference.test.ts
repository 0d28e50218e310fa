import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compareUtf8,
  type DecodedFile,
  decodeObjectEvent,
  decodePatch,
  emptyPatch,
  parseUserId,
  readComponentEvents,
  readRuleEvents,
  sceneHash,
  type Value,
  WeftError,
} from '../../src/index.ts';
import { readCarrier } from './check-carrier.ts';
import { type PatchJson, readPatch, writePatch } from './notation.ts';
import { PatchReader } from './patch-reader.ts';
import { findPython, Reference, runReference } from './python.ts';
import { type HistoryJson, randomHistory } from './random-history.ts';
import { misfitsJson, sceneJson } from './scene-json.ts';

const REGRESSIONS = fileURLToPath(new URL('regressions', import.meta.url));
const RUNS = 300;
const TIMEOUT_MS = 600_000;
const COUNTED = [
  'random histories',
  'events',
  'files',
  'bundles and personal events',
  'of them with something to report',
  'refused files',
  'registers',
  'waiting',
  'rules',
  'hidden objects',
  'suspended objects',
  'declared components',
  'events that declare nothing',
  'values that do not fit what is built in',
  'values that do not fit what is declared',
  'different scene hashes',
  ...['schema', 'parent', 'bounds', 'range', 'limit', 'unique'].map((kind) => `by a rule of kind ${kind}`),
];

/** What a replica holds and shows after a history. */
interface Outcome {
  readonly intake: readonly (readonly string[])[];
  /** How much of each file was dropped, or that it was refused. */
  readonly files: readonly ('refused' | number)[];
  /** How much of each bundle or personal event was dropped. */
  readonly carriers: readonly number[];
  /** The kinds of the last rules by name, and the names of the last events that hold none. */
  readonly rules: Readonly<Record<string, string>>;
  readonly noRules: readonly string[];
  /** The components declared last, and the state keys of the last events that declare none. */
  readonly components: readonly string[];
  readonly noComponents: readonly string[];
  readonly misfits: Readonly<Record<string, readonly string[]>>;
  readonly hash: string;
  readonly setHash: string;
  readonly joined: PatchJson;
  readonly waiting: number;
  readonly children: Value;
  readonly hidden: Readonly<Record<string, string>>;
  readonly problems: readonly { readonly reason: string; readonly rule?: string }[];
  readonly matrices: Readonly<Record<string, readonly number[]>>;
}

const python = findPython();

describe('the reference in Python', () => {
  let reference: Reference | null = null;
  beforeAll(() => {
    if (python !== null) reference = new Reference(python);
  });
  afterAll(() => reference?.stop());

  it('passes every vector', ({ skip }) => {
    if (python === null) return skip('no Python');
    const { code, output } = runReference(python, 'run_vectors.py');
    say(output.trim());
    expect(output).toMatch(/^[1-9]\d* cases in \d+ files agree, 0 do not$/m);
    expect(code).toBe(0);
  });

  it('agrees on every history that once told it and core apart', async ({ skip }) => {
    if (reference === null) return skip('no Python');
    for (const name of readdirSync(REGRESSIONS)) {
      const history: HistoryJson = JSON.parse(readFileSync(join(REGRESSIONS, name), 'utf8'));
      await expectAgreement(reference, history);
    }
  });

  it(
    'agrees with core on random histories',
    async ({ skip }) => {
      const asked = reference;
      if (asked === null) return skip('no Python');
      const hashes = new Set<string>();
      const count = new Map(COUNTED.map((what) => [what, 0]));
      let disagreement: HistoryJson | null = null;
      try {
        await fc.assert(
          fc.asyncProperty(randomHistory, async (history) => {
            try {
              const outcome = await expectAgreement(asked, history);
              hashes.add(outcome.hash);
              tally(count, outcome);
            } catch (error) {
              disagreement = history;
              throw error;
            }
          }),
          propertySettings(RUNS),
        );
      } finally {
        // The last one that failed is the smallest.
        if (disagreement !== null) keep(disagreement);
      }
      count.set('different scene hashes', hashes.size);
      const counted = [...count].map(([what, times]) => `${times} ${what}`);
      say(`agrees with core on ${counted.join(', ')}`);
      // What never happened was not compared.
      for (const [what, times] of count) expect(times, what).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

function tally(count: Map<string, number>, outcome: Outcome): void {
  const add = (what: string, times: number) => count.set(what, (count.get(what) ?? 0) + times);
  const reasons = Object.values(outcome.hidden);
  add('random histories', 1);
  add('events', outcome.intake.length);
  add('files', outcome.files.length);
  add('bundles and personal events', outcome.carriers.length);
  add('of them with something to report', outcome.carriers.filter((dropped) => dropped > 0).length);
  add('refused files', outcome.files.filter((file) => file === 'refused').length);
  for (const { registers = {} } of Object.values(outcome.joined.objects ?? {}))
    add('registers', Object.keys(registers).length);
  add('waiting', outcome.waiting);
  add('rules', Object.keys(outcome.rules).length);
  add('hidden objects', reasons.length);
  add('suspended objects', reasons.filter((reason) => reason === 'rule').length);
  add('declared components', outcome.components.length);
  add('events that declare nothing', outcome.noComponents.length);
  for (const path of Object.values(outcome.misfits).flat())
    add(`values that do not fit what is ${path.includes(':') ? 'declared' : 'built in'}`, 1);
  for (const { rule } of outcome.problems)
    if (rule !== undefined) add(`by a rule of kind ${outcome.rules[rule]}`, 1);
}

/** Not by console, which the test runner may lose. */
function say(text: string): void {
  process.stderr.write(`reference: ${text}\n`);
}

async function expectAgreement(reference: Reference, history: HistoryJson): Promise<Outcome> {
  const line = JSON.stringify(history);
  const theirs: Outcome = JSON.parse(await reference.ask(line));
  const ours = outcomeOf(JSON.parse(line));
  // World matrices, too, are the same to the last bit: rules ask on which side of a border an object lies.
  expect(theirs).toEqual(ours);
  return ours;
}

function outcomeOf({ steps }: HistoryJson): Outcome {
  const reader = new PatchReader();
  const intake: string[][] = [];
  const files: ('refused' | number)[] = [];
  const carriers: number[] = [];
  let rules: ReturnType<typeof readRuleEvents> = { rules: [], problems: [] };
  let declared: ReturnType<typeof readComponentEvents> = { components: [], problems: [] };
  for (const step of steps) {
    if ('patch' in step) {
      reader.receive(readPatch(step.patch), step.now);
      continue;
    }
    if ('rules' in step) {
      rules = readRuleEvents(step.rules);
      reader.receive(emptyPatch, step.now);
      reader.setRules(rules.rules);
      continue;
    }
    if ('components' in step) {
      declared = readComponentEvents(step.components);
      reader.receive(emptyPatch, step.now);
      reader.setComponents(declared.components);
      continue;
    }
    if ('file' in step) {
      const read = readFile(step.file);
      files.push(read === null ? 'refused' : read.problems.length);
      reader.receive(read?.patch ?? emptyPatch, step.now);
      continue;
    }
    if ('carrier' in step) {
      const read = readCarrier(step.carrier);
      carriers.push(read.problems.length);
      reader.receive(read.patch, step.now);
      continue;
    }
    const { stateKey, content, sender = '', originServerTs = 0, redactedAtMs } = step.event;
    const { patch, problems } = decodeObjectEvent({
      stateKey,
      content,
      sender: parseUserId(sender),
      originServerTs,
      ...(redactedAtMs === undefined ? {} : { redactedAtMs }),
    });
    intake.push(problems.map(({ path }) => path ?? '').sort(compareUtf8));
    reader.receive(patch, step.now);
  }
  const joined = reader.joined();
  for (const [id, said] of joined.objects) expect(reader.held(id)).toEqual(said);
  const registers = new Map([...joined.objects].map(([id, said]) => [id, said.registers]));
  const matrices = [...reader.scene.ids()].map((id) => [id, [...(reader.scene.worldMatrix(id) ?? [])]]);
  const outcome = {
    intake,
    files,
    carriers,
    rules: Object.fromEntries(rules.rules.map(({ name, kind }) => [name, kind])),
    noRules: rules.problems.map(({ carrier }) => carrier.slice('world.weft.rule/'.length)),
    components: declared.components.map(({ name }) => name),
    noComponents: declared.problems.map(({ carrier }) => carrier.slice('world.weft.component/'.length)),
    misfits: misfitsJson(reader.scene),
    hash: sceneHash(reader.scene),
    setHash: reader.setHash(),
    joined: writePatch(joined),
    waiting: reader.waiting,
    ...sceneJson(reader.scene, registers),
    matrices: Object.fromEntries(matrices),
  };
  return JSON.parse(JSON.stringify(outcome));
}

function readFile(base64: string): DecodedFile | null {
  try {
    return decodePatch(new Uint8Array(Buffer.from(base64, 'base64')));
  } catch (error) {
    if (error instanceof WeftError) return null;
    throw error;
  }
}

function keep(history: HistoryJson): void {
  const text = JSON.stringify(history, null, 2);
  const name = createHash('sha256').update(text).digest('hex').slice(0, 8);
  mkdirSync(REGRESSIONS, { recursive: true });
  writeFileSync(join(REGRESSIONS, `${name}.json`), `${text}\n`);
  say(`the smallest disagreement is kept: regressions/${name}.json`);
}
