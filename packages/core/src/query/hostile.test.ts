import { cpuMs } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshots } from '../../test/scene-plain.ts';
import { townOf } from '../../test/town.ts';
import { WeftError } from '../errors.ts';
import { LiveQuery } from '../live/live-query.ts';
import {
  MAX_FIELDS,
  MAX_FILTER_DEPTH,
  MAX_FILTER_LIST,
  MAX_QUERY_CONDITIONS,
  MAX_QUERY_COST,
  MAX_SELECTOR_CHARACTERS,
  MAX_SELECTOR_DEPTH,
  MAX_SELECTOR_PARTS,
  MAX_SORT_PATHS,
  MAX_TEXT_WORDS,
} from './limits.ts';
import { query } from './query.ts';

/** No refusal takes more of a processor, whatever else the machine does. */
const MAX_REFUSAL_MS = 250;

const { scene } = townOf(6);

function refusal(what: unknown): WeftError {
  const before = snapshots(scene);
  const started = cpuMs();
  let caught: unknown = null;
  try {
    query(scene, Object(what));
  } catch (error) {
    caught = error;
  }
  expect(cpuMs() - started).toBeLessThan(MAX_REFUSAL_MS);
  if (!(caught instanceof WeftError))
    throw new Error(`${Object.keys(Object(what))} was not refused by name`, { cause: [what, caught] });
  expect(snapshots(scene)).toEqual(before);
  return caught;
}

function nested(levels: number, wrap: (inner: unknown) => unknown, inner: unknown): unknown {
  return levels === 0 ? inner : wrap(nested(levels - 1, wrap, inner));
}

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const cyclicList: unknown[] = [];
cyclicList.push(cyclicList);

describe('a hostile query', () => {
  it('[G2] is refused by name and path where it asks for code, expressions of a pattern, or what is not there', () => {
    for (const [what, path] of [
      [{ where: { $where: 'process.exit()' } }, 'where.$where'],
      [{ where: { $expr: { $function: { body: 'return true', args: [], lang: 'js' } } } }, 'where.$expr'],
      [{ where: { $jsonSchema: {} } }, 'where.$jsonSchema'],
      [{ where: { 'node.name': { $regex: '(a+)+$' } } }, 'where.node.name'],
      [{ where: { 'node.name': { $not: { $regex: '(a+)+$' } } } }, 'where.node.name.$not'],
      [{ where: { 'node.tags': { $elemMatch: { $where: '1' } } } }, 'where.node.tags.$elemMatch'],
      [{ where: { 'node.tags': { $elemMatch: { a: { $function: 1 } } } } }, 'where.node.tags.$elemMatch.a'],
      [
        { where: { $and: [{ $or: [{ 'node.name': { $type: 'string' } }] }] } },
        'where.$and.0.$or.0.node.name',
      ],
      [{ where: { 'node.name': { $eq: 'a', also: 'b' } } }, 'where.node.name'],
      [{ where: { 'node.name': { $gt: null } } }, 'where.node.name.$gt'],
      [{ where: { 'node.name': { $in: [] } } }, 'where.node.name.$in'],
      [{ where: { 'node.name': { $in: 'Lamp' } } }, 'where.node.name.$in'],
      [{ where: { 'node.name': { $size: -1 } } }, 'where.node.name.$size'],
      [{ where: { 'node.name': { $exists: 1 } } }, 'where.node.name.$exists'],
      [{ where: { 'node.name': { $prefix: 5 } } }, 'where.node.name.$prefix'],
      [{ where: { 'node.name': { $not: 'Lamp' } } }, 'where.node.name.$not'],
      [{ where: { 'node.name.$where': 1 } }, 'where.node.name.$where'],
      [{ where: { '__proto__.polluted': 1 } }, 'where.__proto__.polluted'],
      [{ where: JSON.parse('{"acme:a.b":{"__proto__":{"x":1}}}') }, 'where.acme:a.b'],
      [
        { where: { 'acme:a.b': { $elemMatch: { constructor: 1 } } } },
        'where.acme:a.b.$elemMatch.constructor',
      ],
      [{ where: { 'acme:a.b': cyclic } }, 'where.acme:a.b'],
      [{ where: { 'acme:a.b': { $in: cyclicList } } }, 'where.acme:a.b.$in.0'],
      [{ where: cyclicList }, 'where'],
      [{ where: { 'acme:a.b': Number.NaN } }, 'where.acme:a.b'],
      [{ where: { 'acme:a.b': { $gt: Number.POSITIVE_INFINITY } } }, 'where.acme:a.b.$gt'],
      [{ where: { 'acme:a.b': new Map() } }, 'where.acme:a.b'],
      [{ where: { 'acme:a.b': { $eq: { a: [1, Number.NaN] } } } }, 'where.acme:a.b.$eq.a.1'],
      [{ where: new Map([['node.name', 'Lamp']]) }, 'where'],
      [new Date(0), 'query'],
      [{ where: { 'acme:a.b': 'x'.repeat(5000) } }, 'where.acme:a.b'],
      [{ select: ':contains' }, 'select'],
      [{ select: ':lang(en)' }, 'select'],
      [{ select: ':nth-child(2n+1 of .a)' }, 'select'],
      [{ select: ':scope > a' }, 'select'],
      [{ select: ':TAG(x)' }, 'select'],
      [{ select: '::before' }, 'select'],
      [{ select: 'a || b' }, 'select'],
      [{ select: 'a < b' }, 'select'],
      [{ select: '> a' }, 'select'],
      [{ select: 'a >' }, 'select'],
      [{ select: 'a,' }, 'select'],
      [{ select: '' }, 'select'],
      [{ select: ' ' }, 'select'],
      [{ select: ':is()' }, 'select'],
      [{ select: ':not(' }, 'select'],
      [{ select: '[' }, 'select'],
      [{ select: '["a"="b"]' }, 'select'],
      [{ select: '[__proto__|x]' }, 'select'],
      [{ select: '[node=x]' }, 'select'],
      [{ select: '*|lamp' }, 'select'],
      [{ select: ['lamp'] }, 'select'],
      [{ within: { sphere: { center: [0, 0, Number.NaN], radius: 1 } } }, 'within.sphere.center'],
      [{ within: { sphere: { center: [0, 0, 0], radius: 1 }, box: {} } }, 'within'],
      [{ within: { box: { min: [0, 0, 0] } } }, 'within.box.max'],
      [{ within: { frustum: { planes: [] } } }, 'within.frustum.planes'],
      [
        { within: { frustum: { planes: Array.from({ length: 6 }, () => [0, 0, 0, '0']) } } },
        'within.frustum.planes.0',
      ],
      [{ within: { frustum: { matrix: [1] } } }, 'within.frustum.matrix'],
      [{ within: { ray: { origin: [0, 0, 0], direction: [0, 0, 0] } } }, 'within.ray.direction'],
      [{ within: { ray: { origin: [0, 0, 0], direction: [1.7e308, 1.7e308, 0] } } }, 'within.ray.direction'],
      [
        { within: { ray: { origin: [0, 0, 0], direction: [1, 0, 0], maxDistance: -1 } } },
        'within.ray.maxDistance',
      ],
      [{ nearest: { to: [0, 0, 0], k: 0 } }, 'nearest.k'],
      [{ nearest: { to: [0, 0, 0], k: 1 }, sort: { 'node.name': 1 } }, 'sort'],
      [{ sort: { 'node.name': 2 } }, 'sort.node.name'],
      [{ sort: { name: 1 } }, 'sort.name'],
      [{ sort: {} }, 'sort'],
      [{ after: '["a"' }, 'after'],
      [{ after: '["__proto__"]' }, 'after'],
      [{ after: '[1,"a"]' }, 'after'],
      [{ after: '{"length":1}' }, 'after'],
      [{ after: cyclicList }, 'after'],
      [{ fields: ['constructor'] }, 'fields.0'],
      [{ fields: [cyclic] }, 'fields.0'],
      [{ count: 'yes' }, 'count'],
      [{ text: ' ' }, 'text'],
      [{ descendantsOf: '__proto__' }, 'descendantsOf'],
      [{ __defineGetter__: 1 }, '__defineGetter__'],
      [cyclicList, 'query'],
    ] as const) {
      const error = refusal(what);
      expect([error.code, error.path]).toEqual(['invalid-query', path]);
    }
  });

  it('[G2] is accepted at each bound and refused one past it', () => {
    const name = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);
    const forms: readonly (readonly [number, (size: number) => unknown])[] = [
      [MAX_SELECTOR_CHARACTERS, (size) => ({ select: 'x'.repeat(size) })],
      [MAX_SELECTOR_PARTS, (size) => ({ select: name(size).join(',') })],
      [MAX_SELECTOR_DEPTH, (size) => ({ select: `${':is('.repeat(size)}a${')'.repeat(size)}` })],
      [MAX_FILTER_LIST, (size) => ({ where: { 'node.name': { $in: name(size) } } })],
      [
        MAX_QUERY_CONDITIONS,
        (size) => ({ where: { $and: name(size - 1).map((each) => ({ 'node.name': each })) } }),
      ],
      [
        MAX_FILTER_DEPTH,
        (size) => ({ where: nested(size, (inner) => ({ $and: [inner] }), { 'node.name': 'x' }) }),
      ],
      [
        MAX_FILTER_DEPTH,
        (size) => ({ where: { 'node.name': nested(size, (inner) => ({ $not: inner }), { $eq: 1 }) } }),
      ],
      [
        MAX_FILTER_DEPTH,
        (size) => ({ where: { 'node.tags': nested(size, (inner) => ({ $elemMatch: inner }), { $eq: 1 }) } }),
      ],
      [
        MAX_SORT_PATHS,
        (size) => ({ sort: Object.fromEntries(name(size).map((each) => [`acme:a.${each}`, 1])) }),
      ],
      [MAX_FIELDS, (size) => ({ fields: name(size) })],
      [MAX_TEXT_WORDS, (size) => ({ text: name(size).join(' ') })],
    ];
    for (const [bound, form] of forms) {
      expect(query(scene, Object(form(bound))).ids.length).toBeGreaterThanOrEqual(0);
      expect(refusal(form(bound + 1)).code).toBe('invalid-query');
    }
  });

  it('[G2] that nests for ever or is huge is refused at once', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    for (const what of [
      { where: nested(2000, (inner) => ({ $not: inner }), {}) },
      { where: { 'acme:a.b': nested(2000, (inner) => [inner], 1) } },
      { where: { 'node.name': { $in: Array.from({ length: 1_000_000 }, () => 'x') } } },
      { where: Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`acme:a.p${at}`, 1])) },
      { within: Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`p${at}`, 1])) },
      Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`p${at}`, 1])),
      { select: '('.repeat(1000) },
      { select: ':not('.repeat(250) },
      { select: `[a="${'\\'.repeat(1000)}` },
      { select: 'a '.repeat(1_000_000) },
      { after: deep.slice(0, 30_000) },
      { fields: Array.from({ length: 1_000_000 }, () => 'node') },
    ])
      expect(refusal(what).code).toBe('invalid-query');
  });

  it('[G3] that would look around for ever is stopped by its cost, with advice', () => {
    // Each step of the selector tries every ancestor: without a bound, 200 to the power of 10.
    const { scene: chain, write } = townOf(1);
    write(
      Array.from({ length: 200 }, (_, at) => [
        `link-${at}`,
        at === 0 ? { 'node.kind': 'a' } : { 'node.kind': 'a', 'node.parent': `link-${at - 1}` },
      ]),
    );
    const select = `b ${'a '.repeat(12)}`;
    expect(() => query(chain, { select: `${select} a` }, { maxCost: 200_000 })).toThrow(WeftError);
    expect(() => query(chain, { select: ':has(:has(b))' }, { maxCost: 50_000 })).toThrow(
      /expected a cost of at most/,
    );
    expect(() => new LiveQuery(chain, { select: `${select} a` }, { maxCost: 50_000 })).toThrow(WeftError);
    expect(() => query(chain, { text: 'x' }, { maxCost: 10 })).toThrow(/cost of at most 10,/);
  });

  it('[G3] costs no more than its bound allows, whatever it asks', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'a',
            'b',
            '*',
            '.x',
            ':has(a)',
            ':not(b)',
            ' > ',
            ' ',
            ' ~ ',
            ' + ',
            ',',
            ':first-child',
          ),
          { maxLength: 30 },
        ),
        (parts) => {
          const started = cpuMs();
          try {
            const result = query(scene, { select: parts.join('') }, { maxCost: 100_000 });
            expect(result.explain().cost).toBeLessThanOrEqual(100_000);
          } catch (error) {
            expect(error).toBeInstanceOf(WeftError);
          }
          expect(cpuMs() - started).toBeLessThan(2 * MAX_REFUSAL_MS);
        },
      ),
    );
    expect(MAX_QUERY_COST).toBeGreaterThan(1_000_000);
  });

  it('[G2] any JSON at all is answered or refused by name', () => {
    const names = [
      'select',
      'where',
      'within',
      'nearest',
      'sort',
      'fields',
      'after',
      'text',
      'limit',
      '$and',
      '$in',
      'node.name',
      'sphere',
      'ray',
      '__proto__',
    ];
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, 1, -1, 1e308, 'lamp', '*', [0, 0, 0], true, Number.NaN, undefined),
        fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 3 }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    let answered = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names.slice(0, 9)), tree, { maxKeys: 3 }), (what) => {
        try {
          query(scene, what);
          answered += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(WeftError);
        }
      }),
      { numRuns: 2000 },
    );
    expect(answered).toBeGreaterThan(10);
  });
});
