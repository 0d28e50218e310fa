import { describe, expect, test } from 'vitest';
import { parseAssignments, parseValue, parseVector } from './assignment.ts';
import { UsageError } from './failure.ts';

describe('assignments', () => {
  test.each([
    [['node.name=Oak table'], { node: { name: 'Oak table' } }],
    [['node.name="12"'], { node: { name: '12' } }],
    [['node.name='], { node: { name: '' } }],
    [['transform.position=[1.5,0,-2]'], { transform: { position: [1.5, 0, -2] } }],
    [['acme:door.open=true', 'acme:door.by=null'], { 'acme:door': { open: true, by: null } }],
    [['text.value=a=b=c'], { text: { value: 'a=b=c' } }],
    [['light=null'], { light: null }],
    [['light=null', 'light.intensity=2'], { light: { intensity: 2 } }],
    [['light.intensity=1', 'light={"intensity":2}'], { light: { intensity: 2 } }],
    [['light.intensity=1', 'light.intensity=3'], { light: { intensity: 3 } }],
  ])('%j', (texts, expected) => {
    expect({ ...parseAssignments(texts) }).toEqual(expected);
  });

  test.each([
    'node.name',
    '=1',
    '.name=1',
    'node.=1',
    'light=3',
    'light=[1]',
    'Node.name=x',
    '__proto__.polluted=1',
    'node.__proto__=1',
    'constructor={"a":1}',
    'w.t=1',
    'node.a.b=1',
  ])('%s is wrong usage, and says what is right', (text) => {
    expect(() => parseAssignments([text])).toThrow(UsageError);
    expect(() => parseAssignments([text])).toThrow(/component\.property=value/);
  });

  test('a __proto__ inside a value never becomes a prototype', () => {
    const { acme } = parseAssignments(['acme={"__proto__":{"polluted":1}}']);
    expect(Object.getPrototypeOf(acme)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });
});

test.each([
  ['1', 1],
  ['"1"', '1'],
  ['true', true],
  ['[1, 2]', [1, 2]],
  ['{', '{'],
  ['', ''],
  ['~x', '~x'],
])('the value %s', (text, value) => {
  expect(parseValue(text)).toEqual(value);
});

test('vectors', () => {
  expect(parseVector('1,0,-2.5', '--at')).toEqual([1, 0, -2.5]);
  expect(parseVector('[1, 0, 1e3]', '--at')).toEqual([1, 0, 1000]);
  for (const text of ['1,2', '1,2,3,4', 'a,b,c', '1,,2', '', 'Infinity,0,0', 'NaN,0,0']) {
    expect(() => parseVector(text, '--at')).toThrow(/--at takes three numbers/);
  }
});
