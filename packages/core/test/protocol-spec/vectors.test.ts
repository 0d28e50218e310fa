import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  compareRegisters,
  compareStamps,
  compareUtf8,
  compareValues,
  decodeObjectEvent,
  decodeWireValue,
  emptyPatch,
  encodeObjectEvent,
  encodeWireValue,
  isActorId,
  isComponentName,
  isObjectId,
  isPropertyName,
  isUserId,
  join,
  type ObjectId,
  type Patch,
  parseObjectId,
  parseTime,
  parseUserId,
  Reduction,
  RegisterStore,
  type Registers,
  readComponentEvents,
  readValue,
  reduceAll,
  type Stamp,
  sceneHash,
  unreachable,
  type Value,
  WeftError,
} from '../../src/index.ts';
import { checkBinaryFile } from './check-binary.ts';
import { checkCarrier, checkSetHash } from './check-carrier.ts';
import { specFiles, specText } from './files.ts';
import {
  type RegistersJson,
  readActor,
  readClaims,
  readPatch,
  readRegister,
  readRegisters,
  writePatch,
  writeRegisters,
} from './notation.ts';
import { PatchReader } from './patch-reader.ts';
import { misfitsJson, reducedJson, sceneJson } from './scene-json.ts';
import type {
  DeclaredComponentsCase,
  EncodingCase,
  EventJson,
  JoinCase,
  NamesCase,
  ObjectEventCase,
  OrderCase,
  QuarantineCase,
  ReductionCase,
  SceneHashCase,
  TransformCase,
  ValueCase,
  VectorFile,
  WireValueCase,
} from './vectors.ts';

const MATRIX_TOLERANCE = 1e-9;

const files = specFiles('vectors').map((path): [string, VectorFile] => [path, JSON.parse(specText(path))]);

describe.each(files)('%s', (_path, file) => {
  it('says what it is about', () => {
    expect(file.description).toMatch(/\.$/);
    expect(file.cases.length).toBeGreaterThan(0);
    expect(new Set(file.cases.map(({ name }) => name)).size).toBe(file.cases.length);
    for (const { name, why } of file.cases) expect(why, name).not.toBe('');
  });

  it.each(runs(file))('%s', (_name, run) => run());
});

function runs(file: VectorFile): [string, () => void][] {
  switch (file.kind) {
    case 'values':
      return file.cases.map((each) => [each.name, () => checkValue(each)]);
    case 'wire-values':
      return file.cases.map((each) => [each.name, () => checkWireValue(each)]);
    case 'names':
      return file.cases.map((each) => [each.name, () => checkNames(each)]);
    case 'orders':
      return file.cases.map((each) => [each.name, () => checkOrder(each)]);
    case 'joins':
      return file.cases.map((each) => [each.name, () => checkJoin(each)]);
    case 'quarantine':
      return file.cases.map((each) => [each.name, () => checkQuarantine(each)]);
    case 'object-events':
      return file.cases.map((each) => [each.name, () => checkObjectEvent(each)]);
    case 'object-event-encoding':
      return file.cases.map((each) => [each.name, () => checkEncoding(each)]);
    case 'reductions':
      return file.cases.map((each) => [each.name, () => checkReduction(each)]);
    case 'declared-components':
      return file.cases.map((each) => [each.name, () => checkDeclaredComponents(each)]);
    case 'scene-hashes':
      return file.cases.map((each) => [each.name, () => checkSceneHash(each)]);
    case 'transforms':
      return file.cases.map((each) => [each.name, () => checkTransform(each)]);
    case 'binary-files':
      return file.cases.map((each) => [each.name, () => checkBinaryFile(each)]);
    case 'carriers':
      return file.cases.map((each) => [each.name, () => checkCarrier(each)]);
    case 'set-hashes':
      return file.cases.map((each) => [each.name, () => checkSetHash(each)]);
    default:
      return unreachable(file);
  }
}

function checkValue({ json, canonical, wire, refused }: ValueCase): void {
  const value = readValue(JSON.parse(json));
  if (refused || value === undefined) {
    expect([value, refused]).toEqual([undefined, true]);
    return;
  }
  expect(canonicalJson(value)).toBe(canonical);
  expect(encodeWireValue(value)).toEqual(wire);
  expect(decodeWireValue(wire)).toEqual(value);
}

function checkWireValue({ wire, canonical, refused }: WireValueCase): void {
  const value = decodeWireValue(JSON.parse(wire));
  if (refused) expect(value).toBeUndefined();
  else expect(value === undefined ? undefined : canonicalJson(value)).toBe(canonical);
}

function checkNames({ of, valid, invalid }: NamesCase): void {
  const is = {
    objectId: isObjectId,
    component: isComponentName,
    property: isPropertyName,
    actor: isActorId,
    userId: isUserId,
  }[of];
  for (const name of valid) expect(is(name), JSON.stringify(name)).toBe(true);
  for (const name of invalid) expect(is(name), JSON.stringify(name)).toBe(false);
}

function checkOrder(each: OrderCase): void {
  if (each.of === 'text') expectAscending(each.ascending, compareUtf8);
  else if (each.of === 'values') expectAscending(each.ascending, compareValues);
  else if (each.of === 'stamps') expectAscending(each.ascending.map(readStamp), compareStamps);
  else expectAscending(each.ascending.map(readRegister), compareRegisters);
}

function readStamp([time, actor]: readonly [number, string]): Stamp {
  return { time: parseTime(time), actor: readActor(actor) };
}

function expectAscending<T>(items: readonly T[], compare: (a: T, b: T) => number): void {
  items.forEach((less, at) => {
    expect(compare(less, less)).toBe(0);
    for (const greater of items.slice(at + 1)) {
      const pair = `${JSON.stringify(less)} before ${JSON.stringify(greater)}`;
      expect(compare(less, greater), pair).toBeLessThan(0);
      expect(compare(greater, less), pair).toBeGreaterThan(0);
    }
  });
}

function checkJoin({ patches, joined }: JoinCase): void {
  for (const order of permutations(patches.map(readPatch))) {
    const twice = [...order, ...order];
    expect(plain(twice.reduce(join, emptyPatch))).toEqual(joined);
    const store = new RegisterStore();
    for (const patch of twice) store.join(patch);
    expect(plain(store.toPatch())).toEqual(joined);
  }
}

function checkQuarantine({ steps }: QuarantineCase): void {
  const reader = new PatchReader();
  for (const { now, patch, waiting, joined } of steps) {
    reader.receive(readPatch(patch ?? {}), now);
    expect(plain(reader.joined())).toEqual(joined);
    expect(reader.waiting).toBe(waiting);
  }
}

function checkObjectEvent({ event, patch, handWritten, problems, extra }: ObjectEventCase): void {
  const decoded = decode(event);
  expect(plain(decoded.patch)).toEqual(patch);
  expect(decoded.handWritten).toBe(handWritten);
  expect(decoded.problems.map(({ path }) => path).sort()).toEqual([...problems].sort());
  expect({ ...decoded.extra }).toEqual(extra);
}

function checkEncoding({ registers, actors, sender, extra, purge, content, refused }: EncodingCase): void {
  const claims = patchOfClaims(actors);
  const encode = () =>
    encodeObjectEvent({
      registers: readRegisters(registers),
      actors: claims,
      ...(extra === undefined ? {} : { extra }),
      ...(purge === undefined ? {} : { purge: parseTime(purge) }),
      ...(sender === undefined ? {} : { sender: parseUserId(sender) }),
    });
  if (refused) {
    expect(encode).toThrow(WeftError);
    return;
  }
  expect(encode()).toEqual(content);
  const said = decode({ content }).patch.objects.get(parseObjectId('obj'));
  expect(writeRegisters(said?.registers ?? new Map())).toEqual(registers);
  expect(said?.purge ?? undefined).toBe(purge);
}

function checkReduction({ registers, children, hidden, problems }: ReductionCase): void {
  const all = registersOf(registers);
  const expected = { children, hidden, problems };
  expect(reducedJson(reduceAll(all), all)).toEqual(expected);
  expect(sceneJson(sceneOf(all), all)).toEqual(expected);
}

function checkDeclaredComponents({
  components,
  declared,
  ignored,
  registers,
  misfits,
}: DeclaredComponentsCase) {
  const events = Object.entries(components).map(([stateKey, content]) => ({ stateKey, content }));
  const read = readComponentEvents(events);
  expect(read.components.map(({ name }) => name)).toEqual(declared);
  expect(read.problems.map(({ carrier }) => carrier.slice('world.weft.component/'.length))).toEqual(ignored);
  const all = registersOf(registers);
  const reduction = reductionOf(all);
  const inForce = new Map(read.components.map((component) => [component.name, component]));
  reduction.setComponents(inForce);
  expect(misfitsJson(reduction.scene)).toEqual(misfits);
  expect(misfitsJson(reduceAll(all, { components: inForce }))).toEqual(misfits);
}

function checkSceneHash({ registers, lines, hash }: SceneHashCase): void {
  expect(sceneHash(sceneOf(registersOf(registers)))).toBe(hash);
  if (lines === undefined) return;
  const text = lines.map((line) => `${line}\n`).join('');
  expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
}

function checkTransform({ registers, matrices }: TransformCase): void {
  const scene = sceneOf(registersOf(registers));
  for (const [id, expected] of Object.entries(matrices)) {
    const matrix = scene.worldMatrix(parseObjectId(id)) ?? [];
    expect(matrix).toHaveLength(expected.length);
    expected.forEach((number, at) => {
      const error = Math.abs((matrix[at] ?? Number.NaN) - number);
      expect(error, `${id}[${at}]`).toBeLessThanOrEqual(MATRIX_TOLERANCE * Math.max(1, Math.abs(number)));
    });
  }
}

function decode({ stateKey = 'obj', content, sender, originServerTs, redactedAtMs }: EventJson) {
  return decodeObjectEvent({
    stateKey,
    content,
    sender: parseUserId(sender ?? '@bob:b.org'),
    originServerTs: originServerTs ?? 1_752_164_545_000,
    ...(redactedAtMs === undefined ? {} : { redactedAtMs }),
  });
}

function registersOf(json: Readonly<Record<string, RegistersJson>>): Map<ObjectId, Registers> {
  return new Map(Object.entries(json).map(([id, own]) => [parseObjectId(id), readRegisters(own)]));
}

function sceneOf(all: ReadonlyMap<ObjectId, Registers>) {
  return reductionOf(all).scene;
}

function reductionOf(all: ReadonlyMap<ObjectId, Registers>) {
  const reduction = new Reduction((id) => all.get(id));
  reduction.apply(new Map([...all].map(([id, own]) => [id, new Set(own.keys())])), 'matrix');
  return reduction;
}

function patchOfClaims(actors: EncodingCase['actors']) {
  return new Map(readClaims(actors).map(([actor, users]) => [actor, new Set(users.sort(compareUtf8))]));
}

/** Through JSON, so that records without prototype equal those with one. */
function plain(patch: Patch): Value {
  return JSON.parse(JSON.stringify(writePatch(patch)));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
