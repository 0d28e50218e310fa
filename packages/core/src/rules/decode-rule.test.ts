import { cpuMs, propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleList } from '../../test/rule-history.ts';
import { decodeRuleEvent, encodeRuleEvent } from './decode-rule.ts';
import { readRuleEvents } from './read-events.ts';
import { MAX_LIMIT_COUNT, MAX_RULES } from './rule.ts';

const problemOf = (content: unknown, stateKey: unknown = 'a-rule') => {
  const reading = decodeRuleEvent({ stateKey, content });
  return 'problem' in reading ? reading.problem : 'none';
};

/** No event may take longer; a hundred times what one takes on an idle machine. */
const MAX_MS = 500;

describe('the event of a rule', () => {
  it('[L4] reads back what was written, floats too', () => {
    fc.assert(
      fc.property(ruleList, (rules) => {
        for (const rule of rules) {
          const { name, ...content } = rule;
          const wire = JSON.parse(JSON.stringify(encodeRuleEvent(content)));
          expect(decodeRuleEvent({ stateKey: name, content: wire })).toEqual({ rule });
        }
      }),
      propertySettings(200),
    );
    const bounds = { kind: 'bounds', min: [0.5, 0, 0], max: [1.5, 1, 1] } as const;
    const written = encodeRuleEvent({ ...bounds, min: [...bounds.min], max: [...bounds.max] });
    expect(written.min).toBe('~[0.5,0,0]');
    expect(decodeRuleEvent({ stateKey: 'b', content: written })).toEqual({ rule: { ...bounds, name: 'b' } });
  });

  it('[L5] is a problem with the place, where it is no rule', () => {
    const cases: [unknown, string][] = [
      [null, 'malformed'],
      [[], 'malformed'],
      ['limit', 'malformed'],
      [{ kind: 'limit', count: Number.NaN }, 'malformed'],
      [{ kind: 'limit', count: Number.POSITIVE_INFINITY }, 'malformed'],
      [{ kind: 'eval' }, 'kind should be one of schema, parent, bounds, limit, unique, range, locked'],
      [{ kind: '__proto__' }, 'kind should be one of'],
      [{ kind: 'constructor' }, 'kind should be one of'],
      [{ kind: ['limit'] }, 'kind should be one of'],
      [{ kind: 'limit' }, 'count should be a value'],
      [{ kind: 'limit', count: '7' }, 'count should be a whole number'],
      [{ kind: 'limit', count: 1.5 }, 'count should be a whole number'],
      [{ kind: 'limit', count: -1 }, 'count should be'],
      [{ kind: 'limit', count: MAX_LIMIT_COUNT + 1 }, 'count should be'],
      [{ kind: 'limit', count: 1, per: 'server' }, 'per should be world, or owner'],
      [{ kind: 'limit', count: 1, unknown: 1 }, 'unknown should be only'],
      [{ kind: 'limit', count: 1, match: { $where: 'x' } }, 'match.$where should be only'],
      [{ kind: 'limit', count: 1, match: { kind: { $regex: 'x' } } }, 'match.kind should be text'],
      [{ kind: 'limit', count: 1, match: { under: 'no/id' } }, 'match.under should be the id'],
      [{ kind: 'limit', count: 1, match: { component: 'w' } }, 'match.component should be'],
      [{ kind: 'unique', property: 'name' }, 'property should be component.property'],
      [{ kind: 'unique', property: 'node.__proto__' }, 'property should be component.property'],
      [{ kind: 'range', property: 'light.intensity' }, 'min or max should be there'],
      [{ kind: 'range', property: 'light.intensity', min: 2, max: 1 }, 'min should not be greater'],
      [{ kind: 'bounds', min: [0, 0], max: [1, 1, 1] }, 'min should be an array'],
      [{ kind: 'bounds', min: [0, 0, 2], max: [1, 1, 1] }, 'min should not be greater'],
      [{ kind: 'parent', parents: [{ component: 'No' }] }, 'parents should name components'],
      [{ kind: 'parent', parents: Array.from({ length: 33 }, () => ({})) }, 'parents should be an array'],
      [{ kind: 'schema', component: 'acme:door' }, 'schema or required should be there'],
      [{ kind: 'schema', component: 'acme:door', schema: { pattern: '(a+)+$' } }, 'schema uses pattern'],
      [{ kind: 'schema', component: 'acme:door', schema: { $ref: '#' } }, 'schema uses $ref'],
      [{ kind: 'locked', level: 1.5 }, 'level should be a whole number'],
      [{ kind: 'limit', count: 1, title: 'x'.repeat(9000) }, 'larger than 8192 bytes'],
      [JSON.parse('{"kind":"limit","count":1,"__proto__":{"x":1}}'), '__proto__ should be only'],
    ];
    for (const [content, words] of cases)
      expect(problemOf(content), JSON.stringify(content)).toContain(words);
    for (const name of ['', 'a'.repeat(65), '-a', 'a b', 'é', 7, null])
      expect(problemOf({ kind: 'limit', count: 1 }, name)).toContain('state key');
    expect(problemOf({ kind: 'limit', count: MAX_LIMIT_COUNT }, 'a'.repeat(64))).toBe('none');
  });

  it('[L5] never throws and stays within bounds, whatever it is given', () => {
    const cyclic: Record<string, unknown> = { kind: 'schema', component: 'acme:door' };
    cyclic.schema = cyclic;
    const deep = JSON.parse(`${'['.repeat(4000)}${']'.repeat(4000)}`);
    const startMs = cpuMs();
    expect(problemOf(cyclic)).toContain('malformed');
    expect(problemOf({ kind: 'limit', count: deep })).toContain('malformed');
    expect(problemOf({ kind: 'limit', count: '~'.repeat(8000) })).not.toBe('none');
    expect(problemOf({ kind: 'parent', parents: `~${'['.repeat(8000)}` })).toContain('malformed');
    expect(problemOf({ kind: 'limit', count: 1, match: Array.from({ length: 1e5 }, () => 1) })).toContain(
      'malformed',
    );
    expect(cpuMs() - startMs).toBeLessThan(MAX_MS);
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.anything(), (content, stateKey) => {
        problemOf(content, stateKey);
        problemOf({ kind: 'schema', component: 'acme:door', schema: content });
        problemOf({ kind: 'limit', match: content, count: content });
      }),
      propertySettings(500),
    );
  });

  it('[L6] counts among the first 256 by name only; what is blank takes no place', () => {
    const limit = { kind: 'limit', count: 1 };
    const events = Array.from({ length: 10_000 }, (_, at) => ({
      stateKey: `r${String(9999 - at).padStart(4, '0')}`,
      content: limit,
    }));
    const startMs = cpuMs();
    const { rules, problems } = readRuleEvents([{ stateKey: 'r', content: {} }, ...events]);
    expect(cpuMs() - startMs).toBeLessThan(MAX_MS);
    expect(rules.map(({ name }) => name)).toEqual(
      Array.from({ length: MAX_RULES }, (_, at) => `r${String(at).padStart(4, '0')}`),
    );
    expect(problems).toEqual([
      {
        carrier: 'world.weft.rule',
        path: null,
        reason: 'There are 10000 of these events: only the first 256 by name count.',
      },
    ]);
    expect(readRuleEvents(events.slice(0, MAX_RULES)).problems).toEqual([]);
  });
});
