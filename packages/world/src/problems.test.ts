import {
  decodeRuleEvent,
  newActorId,
  parseObjectId,
  parsePath,
  patchOf,
  Replica,
  readComponentEvents,
  timeFromMs,
} from '@weft/core';
import { expect, test } from 'vitest';
import { MAX_ROOM_PROBLEMS, ProblemList } from './problems.ts';

const ACTOR = newActorId((length) => new Uint8Array(length).fill(7));

function setUp() {
  const replica = new Replica({ actor: ACTOR, now: () => 1_000_000 });
  const problems = new ProblemList(replica.scene);
  const write = (id: string, path: string, value: string, ms: number) => {
    const stamp = { time: timeFromMs(ms), actor: ACTOR };
    const registers = [{ id: parseObjectId(id), path: parsePath(path), register: { value, stamp } }];
    replica.receive(patchOf({ registers }), 'matrix');
    problems.update();
  };
  return { problems, write };
}

const roomProblem = (carrier: string) => ({ carrier, path: null, reason: 'It is odd.', error: null });

test('the scene’s problems come and go with the scene, in words', () => {
  const { problems, write } = setUp();
  const empty = problems.value;
  write('lamp', 'node.parent', 'nowhere', 1);
  expect(problems.value).toMatchObject([{ object: 'lamp', where: 'scene', path: null }]);
  expect(problems.value[0]?.message).toMatch(/hangs from nowhere.*hidden/);
  write('lamp', 'transform.position', 'here', 2);
  expect(problems.value.map(({ path }) => path)).toContain('transform.position');
  write('lamp', 'node.parent', 'root', 3);
  expect(problems.value.map(({ path }) => path)).toEqual(['transform.position']);
  expect(empty).toEqual([]);
});

test('the value is the same instance until it changes, and listeners are told only then', () => {
  const { problems, write } = setUp();
  let told = 0;
  const stop = problems.subscribe(() => {
    told += 1;
  });
  write('lamp', 'node.parent', 'nowhere', 1);
  expect(told).toBe(1);
  told = 0;
  const before = problems.value;
  write('lamp', 'node.name', 'Lamp', 2);
  expect(problems.value).toBe(before);
  expect(told).toBe(0);
  problems.add(roomProblem('world.weft.object/x'));
  expect(problems.value).not.toBe(before);
  expect(told).toBe(1);
  stop();
  problems.add(roomProblem('world.weft.object/y'));
  expect(told).toBe(1);
  expect(problems.value.map(({ where }) => where)).toEqual([
    'scene',
    'world.weft.object/x',
    'world.weft.object/y',
  ]);
});

test('of the room’s problems the newest are kept, each once', () => {
  const { problems } = setUp();
  for (let at = 0; at <= MAX_ROOM_PROBLEMS; at += 1) problems.add(roomProblem(`event ${at}`));
  expect(problems.value).toHaveLength(MAX_ROOM_PROBLEMS);
  problems.add(roomProblem('event 5'));
  expect(problems.value).toHaveLength(MAX_ROOM_PROBLEMS);
  expect(problems.value.at(-1)?.where).toBe('event 5');
  expect(problems.value[0]?.where).toBe('event 1');
});

test('what a rule keeps out is named with the rule and what is in its way', () => {
  const replica = new Replica({ actor: ACTOR, now: () => 1_000_000 });
  const problems = new ProblemList(replica.scene);
  const reading = decodeRuleEvent({
    stateKey: 'one-lamp',
    content: { kind: 'limit', match: { kind: 'lamp' }, count: 1 },
  });
  if ('problem' in reading) throw new Error(reading.problem);
  const stamp = { time: timeFromMs(1), actor: ACTOR };
  const registers = ['a', 'b'].map((id) => ({
    id: parseObjectId(id),
    path: parsePath('node.kind'),
    register: { value: 'lamp', stamp },
  }));
  replica.receive(patchOf({ registers }), 'matrix', [reading.rule]);
  expect(problems.value).toEqual([
    {
      object: 'b',
      where: 'scene',
      path: null,
      rule: 'one-lamp',
      clashes: ['a'],
      message: 'The rule one-lamp wants at most 1 of them (in its way: a): it is hidden until that is so.',
    },
  ]);
  const before = problems.value;
  const register = { value: 'Lamp', stamp: { time: timeFromMs(2), actor: ACTOR } };
  replica.receive(
    patchOf({ registers: [{ id: parseObjectId('a'), path: parsePath('node.name'), register }] }),
    'matrix',
  );
  expect(problems.value).toBe(before);
  replica.setRules([]);
  expect(problems.value).toEqual([]);
});

test('a value that does not fit what the world declares is told from one that has a default', () => {
  const replica = new Replica({ actor: ACTOR, now: () => 1_000_000 });
  const problems = new ProblemList(replica.scene);
  const content = { schema: { properties: { legs: { items: { type: 'number' } } } } };
  replica.setComponents(readComponentEvents([{ stateKey: 'acme:table', content }]).components);
  const stamp = { time: timeFromMs(1), actor: ACTOR };
  const registers = [
    { path: parsePath('acme:table.legs'), value: [1, 'two'] },
    { path: parsePath('light.intensity'), value: -1 },
  ].map(({ path, value }) => ({ id: parseObjectId('a'), path, register: { value, stamp } }));
  replica.receive(patchOf({ registers }), 'matrix');
  expect(problems.value.map(({ path, message }) => [path, message])).toEqual([
    ['acme:table.legs', 'acme:table.legs wants [1] to be a number: it is shown as it was written.'],
    ['light.intensity', expect.stringContaining('readers see the default instead.')],
  ]);
});
