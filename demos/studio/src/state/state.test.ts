import { newObjectId, WeftError } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { memoryWorld } from '../../test/memory-world.ts';
import { adviceFor } from '../session/advice.ts';
import { complaintOf } from './complaint.ts';
import { Graph } from './graph.ts';
import { Selection } from './selection.ts';
import { initialsOf, shortName } from './short-name.ts';

const random = new SeededRandom('state').bytes;

describe('an error for people', () => {
  it('says what failed, why, and what to do, and names the object', () => {
    const error = new WeftError('forbidden', {
      what: 'change Kx81',
      expected: 'a steward',
      got: '@alice:example.org',
      hint: 'Ask a steward to unlock it.',
      path: 'Kx81',
    });
    expect(complaintOf(error, () => 'Vault')).toEqual({
      headline: 'Cannot change “Vault”',
      reason: 'Expected a steward, got @alice:example.org.',
      hint: 'Ask a steward to unlock it.',
      details: `WeftError forbidden\n${error.message}`,
    });
  });

  it('is made of whatever was thrown', () => {
    expect(complaintOf('plain')).toMatchObject({ headline: 'Something went wrong', details: 'plain' });
    expect(complaintOf(new Error(''))).toMatchObject({ headline: 'Something went wrong', hint: null });
  });

  it('has a title of its own for every way a world may not open', () => {
    const titleOf = (code: string) => adviceFor(Object.assign(new Error('x'), { code })).title;
    const codes = [
      'unreachable',
      'unknown-token',
      'not-found',
      'forbidden',
      'not-a-world',
      'rate-limited',
      'invalid-id',
    ];
    expect(new Set(codes.map(titleOf)).size).toBe(codes.length);
    expect(titleOf('anything else')).toBe(adviceFor('text').title);
  });
});

describe('initials', () => {
  it('are of the first and last word of a name, else of the user id', () => {
    expect(initialsOf('Alice Mary Moreau')).toBe('AM');
    expect(initialsOf('bob')).toBe('B');
    expect(initialsOf('@mira.sato:127.0.0.1')).toBe('MS');
    expect(initialsOf('')).toBe('?');
    expect(initialsOf('👩‍🚀 Zoë').endsWith('Z')).toBe(true);
    expect([shortName('@bob:example.org'), shortName('Bob: the builder')]).toEqual([
      'bob',
      'Bob: the builder',
    ]);
  });
});

describe('the selection', () => {
  it('has its last one as the primary and each once', () => {
    const selection = new Selection();
    const [a, b] = [newObjectId(random), newObjectId(random)];
    selection.set([a, b, a]);
    expect([selection.ids.value, selection.primary.value]).toEqual([[a, b], b]);
    selection.toggle(a);
    selection.toggle(a);
    expect(selection.primary.value).toBe(a);
    selection.drop([a, b]);
    expect(selection.primary.value).toBeNull();
  });
});

describe('the graph as signals', () => {
  it('redraws the tree for what it shows, and an object for what is its own', () => {
    const world = memoryWorld({ durableAfterMs: 0 });
    const graph = new Graph(world);
    const id = world.edit('x', (e) =>
      e.add({ node: { name: 'Box' }, transform: { position: [0, 0, 0] } }),
    ).value;
    const shapeAfterAdd = graph.structure.value;
    world.edit('x', (e) => e.set(id, { transform: { position: [1, 0, 0] } }));
    expect(graph.structure.value).toBe(shapeAfterAdd);
    expect(graph.object(id)?.transform?.position).toEqual([1, 0, 0]);
    world.edit('x', (e) => e.set(id, { node: { name: 'Crate' } }));
    expect(graph.structure.value).toBeGreaterThan(shapeAfterAdd);
    graph.stop();
  });
});
