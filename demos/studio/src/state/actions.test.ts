import { type ObjectId, ROOT, WeftError } from '@weft/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryWorld } from '../../test/memory-world.ts';
import { Actions, MAX_COPIED_OBJECTS } from './actions.ts';
import { Selection } from './selection.ts';
import type { StudioWorld } from './studio-world.ts';
import { Toasts } from './toasts.ts';

let world: StudioWorld;
let selection: Selection;
let toasts: Toasts;
let actions: Actions;

function start(options: Parameters<typeof memoryWorld>[0] = {}): void {
  world = memoryWorld({ durableAfterMs: 0, ...options });
  selection = new Selection();
  toasts = new Toasts(() => null);
  actions = new Actions(world, selection, toasts);
}

beforeEach(() => start());

const object = (id: ObjectId | null | undefined) =>
  (id ? world.get(id) : undefined) ?? expect.fail('no object');
const place = (id: ObjectId) => object(id).worldMatrix.slice(12, 15);
const edit: StudioWorld['edit'] = (...rest) => world.edit(...rest);

describe('adding', () => {
  it('puts a thing on what was pointed at and selects it', () => {
    actions.add('box', [2, 1, 3]);
    expect(object(selection.primary.value).transform?.position).toEqual([2, 1.5, 3]);
    expect(object(selection.primary.value).primitive?.shape).toBe('box');
  });

  it('is one undo step', () => {
    actions.add('light', [0, 0, 0]);
    actions.undo();
    expect(world.children(ROOT)).toEqual([]);
    actions.redo();
    expect(world.children(ROOT)).toHaveLength(1);
  });
});

describe('moving in the tree', () => {
  it('keeps an object where it is in the world', () => {
    const [leaf, group] = edit(
      'x',
      (e) =>
        [
          e.add({ transform: { position: [1, 2, 3] } }),
          e.add({
            transform: {
              position: [10, 0, 0],
              rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2],
              scale: [2, 2, 2],
            },
          }),
        ] as const,
    ).value;
    actions.move([leaf], { into: group });
    expect(object(leaf).parent).toBe(group);
    for (const [axis, wanted] of [1, 2, 3].entries()) expect(place(leaf)[axis]).toBeCloseTo(wanted, 4);
  });

  it('moves several behind one another and those inside others with them', () => {
    const [a, b, c, inA] = edit('x', (e) => {
      const first = e.add({ node: { name: 'a' } });
      return [first, e.add({}), e.add({}), e.add({ parent: first })] as const;
    }).value;
    actions.move([a, inA, b], { after: c });
    expect(world.children(ROOT)).toEqual([c, a, b]);
    expect(object(inA).parent).toBe(a);
  });

  it('says why an object cannot hang from itself', () => {
    const [outer, inner] = edit('x', (e) => {
      const first = e.add({});
      return [first, e.add({ parent: first })] as const;
    }).value;
    actions.move([outer], { into: inner });
    expect(toasts.list.value[0]).toMatchObject({ tone: 'error' });
    expect(object(outer).parent).toBe(ROOT);
  });

  it('groups where the first one stands', () => {
    const [a, b] = edit('x', (e) => [
      e.add({ transform: { position: [5, 0, 0] } }),
      e.add({}),
      e.add({}),
    ]).value;
    selection.set([a ?? ROOT, b ?? ROOT]);
    actions.groupSelected();
    const group = selection.primary.value;
    expect(world.children(group ?? ROOT)).toEqual([a, b]);
    expect(place(a ?? ROOT)[0]).toBe(5);
    expect(world.children(ROOT)).toHaveLength(2);
  });
});

describe('copying', () => {
  it('copies a subtree beside its original, without what says who made it', () => {
    const [top] = edit('x', (e) => {
      const first = e.add({
        node: { name: 'Table', owner: '@alice:example.org', tags: ['oak'] },
        transform: { position: [1, 0, 0] },
      });
      e.add({ parent: first, node: { name: 'Leg' }, 'acme:wood': { rings: 12 } });
      return [first, e.add({})] as const;
    }).value;
    selection.set([top]);
    actions.duplicateSelected();
    const copy = object(selection.primary.value);
    expect(copy.node).toMatchObject({ name: 'Table', tags: ['oak'] });
    expect(copy.node?.owner).toBeUndefined();
    expect(copy.transform?.position).toEqual([1.5, 0, 0]);
    expect(world.children(ROOT).indexOf(copy.id)).toBe(1);
    expect(object(copy.children[0]).component('acme:wood')).toEqual({ rings: 12 });
  });

  it('stops at its bound and says so', () => {
    const top = edit('x', (e) => {
      const first = e.add({});
      for (let at = 0; at < MAX_COPIED_OBJECTS; at += 1) e.add({ parent: first });
      return first;
    }).value;
    selection.set([top]);
    actions.duplicateSelected();
    expect(object(selection.primary.value).children).toHaveLength(MAX_COPIED_OBJECTS - 1);
    expect(toasts.list.value.at(-1)?.headline).toMatch(/first 200/);
  });
});

describe('what is refused', () => {
  it('is told once, with what to do, and changes nothing', () => {
    start({ role: 'visitor' });
    actions.add('box', [0, 0, 0]);
    actions.add('box', [0, 0, 0]);
    expect(world.children(ROOT)).toEqual([]);
    expect(toasts.list.value.filter(({ tone }) => tone === 'error')).toHaveLength(2);
    expect(toasts.list.value[0]?.hint).toMatch(/builder/);
  });
});

describe('undo that the world refuses', () => {
  const refused = new WeftError('rule', {
    what: 'undo delete Lamp (change abc)',
    expected: 'at most 1 of them',
    got: '2, beside def',
    hint: 'That is the rule one-lamp of this world.',
    path: 'abc',
    rule: 'one-lamp',
  });
  const refuse = () => {
    throw refused;
  };

  it.each(['undo', 'redo'] as const)('is told with its rule, and can be skipped: %s', (turn) => {
    let skipped = 0;
    const strict: StudioWorld = {
      ...world,
      undo: refuse,
      redo: refuse,
      skipRefused: () => {
        skipped += 1;
        return true;
      },
    };
    toasts = new Toasts((id) => (id === 'abc' ? 'Lamp' : null));
    new Actions(strict, selection, toasts)[turn]();
    expect(toasts.list.value).toMatchObject([
      {
        tone: 'error',
        headline: 'Cannot undo delete Lamp (change “Lamp”)',
        reason: 'Expected at most 1 of them, got 2, beside def.',
        hint: 'That is the rule one-lamp of this world.',
        action: { label: 'Skip this step' },
      },
    ]);
    toasts.list.value[0]?.action?.run();
    expect(skipped).toBe(1);
  });

  it('offers no way round to who may only look', () => {
    start({ role: 'visitor', readOnly: 'you are a visitor' });
    new Actions({ ...world, undo: refuse }, selection, toasts).undo();
    expect(toasts.list.value).toMatchObject([{ tone: 'error', action: null }]);
  });
});

describe('properties', () => {
  it('of one gesture are one undo step', () => {
    const id = edit('x', (e) => e.add({ transform: { position: [0, 0, 0] } })).value;
    for (const x of [1, 2, 3]) actions.setProperty(id, 'transform', 'position', [x, 0, 0], 'drag');
    actions.undo();
    expect(object(id).transform?.position).toEqual([0, 0, 0]);
  });

  it('come and go with their component', () => {
    const id = edit('x', (e) => e.add({})).value;
    actions.addComponent(id, 'light', { type: 'spot' });
    expect(object(id).light?.type).toBe('spot');
    actions.removeComponent(id, 'light');
    expect(object(id).light).toBeUndefined();
  });
});
