import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Editor } from '../../test/editor.ts';
import { WeftError } from '../errors.ts';
import { type ObjectId, parseObjectId, ROOT } from '../ids.ts';
import { entriesOf, type Patch, patchOf } from '../register/patch.ts';
import { canonicalJson } from '../value/canonical.ts';
import type { EditDraft } from './draft.ts';
import { MAX_UNDO_STEPS, type Turn } from './history.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'].map(parseObjectId);

/** An edit that does what it can: what is refused is left out. */
type Act = (draft: EditDraft) => void;

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(ROOT, ...IDS)).map(
    ([id, parent]): Act =>
      (e) => {
        if (e.has(parent)) e.add({ id, parent, node: { name: 'new' } });
      },
  ),
  fc.tuple(fc.constantFrom(...IDS), fc.constantFrom('x', 'y', 'z')).map(
    ([id, name]): Act =>
      (e) => {
        e.set(id, { node: { name } });
      },
  ),
  fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(1, 2, null)).map(
    ([id, x]): Act =>
      (e) => {
        e.set(id, { transform: { position: x === null ? null : [x, 0, 0] } });
      },
  ),
  fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(ROOT, ...IDS)).map(
    ([id, into]): Act =>
      (e) =>
        e.move(id, { into }),
  ),
  fc.constantFrom(...IDS).map(
    (id): Act =>
      (e) =>
        e.remove(id),
  ),
);

/** An editor in a world of which somebody else has built the beginning. */
function seeded(name: string): Editor {
  const builder = new Editor('seed');
  const { patch } = builder.edit((e) => {
    e.add({ id: 'a', node: { name: 'A' } });
    e.add({ id: 'b', parent: 'a' });
    e.add({ id: 'c', node: { name: 'C' }, transform: { position: [3, 0, 0] } });
  });
  const editor = new Editor(name);
  editor.nowMs = builder.nowMs + 1;
  editor.replica.receive(patch, 'matrix');
  return editor;
}

function attempt(editor: Editor, fn: Act): Patch | null {
  try {
    const { patch } = editor.edit((e) => fn(e));
    return patch.objects.size > 0 ? patch : null;
  } catch {
    return null;
  }
}

/** A step back or forth, where it is possible. */
function turn(editor: Editor, way: Turn): Patch | null {
  try {
    return editor[way]();
  } catch (error) {
    if (error instanceof WeftError) return null;
    throw error;
  }
}

function visible(editor: Editor): unknown {
  const { scene } = editor.replica;
  const objects = [...scene.ids()].sort().map((id) => {
    const object = scene.get(id);
    // A deletion taken back leaves `deleted: false` or nothing; an undone one `null`. Both are invisible.
    const values = [...(object?.entries() ?? [])]
      .map(([path, value]) => `${path}=${canonicalJson(value)}`)
      .sort();
    return { id, parent: object?.parent, children: object?.children, values };
  });
  return { objects, top: scene.children(ROOT) };
}

describe('history', () => {
  it('[U1] undo goes back through every state, redo forth again', () => {
    let steps = 0;
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 3, maxLength: 15 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        (acts, turns) => {
          const ann = seeded('ann');
          const states = [visible(ann)];
          for (const fn of acts) if (attempt(ann, fn) !== null) states.push(visible(ann));
          let at = states.length - 1;
          steps += at;
          for (const back of turns) {
            const patch = back ? ann.undo() : ann.redo();
            if (back ? at === 0 : at === states.length - 1) expect(patch).toBeNull();
            else at += back ? -1 : 1;
            expect(visible(ann)).toEqual(states[at]);
          }
        },
      ),
      propertySettings(300),
    );
    expect(steps).toBeGreaterThan(500);
  });

  it('[U2] undo and redo touch only what is still as this user left it', () => {
    let undone = 0;
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.boolean(),
            fc.oneof(
              { weight: 2, arbitrary: act },
              { weight: 1, arbitrary: fc.constantFrom('undo', 'redo') },
            ),
          ),
          { minLength: 20, maxLength: 40, size: 'max' },
        ),
        (moves) => {
          const ann = seeded('ann');
          const bob = seeded('bob');
          for (const [first, move] of moves) {
            const [me, you] = first ? [ann, bob] : [bob, ann];
            me.nowMs = you.nowMs = Math.max(me.nowMs, you.nowMs) + 1;
            const foreign = foreignTrees(me);
            const winners = new Map(IDS.map((id) => [id, new Map(me.replica.registers(id))]));
            const patch = typeof move === 'function' ? attempt(me, move) : turn(me, move);
            if (patch === null) continue;
            if (typeof move === 'string') {
              for (const { id, path, register } of entriesOf(patch)) {
                const hides = path === 'node.deleted' && register.value === true;
                if (hides && move === 'undo') expect(foreign.has(id)).toBe(false);
                const winner = winners.get(id)?.get(path);
                if (winner !== undefined) expect(winner.stamp.actor).toBe(me.replica.clock.actor);
                undone += 1;
              }
            }
            you.replica.receive(patch, 'live');
            expect(me.replica.scene.problems).toEqual([]);
            expect(visible(you)).toEqual(visible(me));
          }
        },
      ),
      propertySettings(200),
    );
    expect(undone).toBeGreaterThan(200);
  });

  it('[U2] never touches a value of somebody else that had arrived, however late and in whatever order', () => {
    let undone = 0;
    let late = 0;
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.boolean(),
            fc.oneof(
              { weight: 3, arbitrary: act },
              { weight: 2, arbitrary: fc.constantFrom('undo', 'redo') },
              { weight: 2, arbitrary: fc.nat() },
            ),
          ),
          { minLength: 20, maxLength: 40, size: 'max' },
        ),
        (moves) => {
          const [ann, bob] = [seeded('ann'), seeded('bob')];
          const onTheWay = new Map<Editor, Patch[]>([
            [ann, []],
            [bob, []],
          ]);
          const deliver = (to: Editor, at: number) => {
            const [patch] = onTheWay.get(to)?.splice(at, 1) ?? [];
            if (patch !== undefined) to.replica.receive(patch, 'live');
          };
          let nowMs = ann.nowMs;
          for (const [first, move] of moves) {
            const [me, you] = first ? [ann, bob] : [bob, ann];
            nowMs += 1;
            me.nowMs = nowMs;
            const waiting = onTheWay.get(me)?.length ?? 0;
            if (typeof move === 'number') {
              if (waiting > 0) deliver(me, move % waiting);
              continue;
            }
            const theirs = theirsOf(me);
            const patch = typeof move === 'function' ? attempt(me, move) : turn(me, move);
            if (patch === null) continue;
            if (typeof move === 'string') {
              undone += 1;
              late += waiting > 0 ? 1 : 0;
              expect([...theirs].filter(([key]) => theirsOf(me).get(key) !== theirs.get(key))).toEqual([]);
            }
            onTheWay.get(you)?.push(patch);
          }
          for (const [to, patches] of onTheWay) while (patches.length > 0) deliver(to, patches.length - 1);
          expect(visible(ann)).toEqual(visible(bob));
        },
      ),
      propertySettings(200),
    );
    expect(undone).toBeGreaterThan(200);
    expect(late).toBeGreaterThan(50);
  });

  it('[U2] what both changed without seeing each other stays as the other left it', () => {
    const [ann, bob] = [seeded('ann'), seeded('bob')];
    const c = parseObjectId('c');
    const own = ann.edit((e) => e.set('c', { node: { name: 'Ann' }, transform: { position: [1, 1, 1] } }));
    bob.nowMs = ann.nowMs + 1;
    const other = bob.edit((e) => e.set('c', { node: { name: 'Bob' } }));
    ann.replica.receive(other.patch, 'live');
    bob.replica.receive(own.patch, 'live');
    ann.nowMs = bob.nowMs + 1;
    const undo = ann.undo();
    bob.replica.receive(undo ?? own.patch, 'live');
    for (const { replica } of [ann, bob])
      expect(replica.scene.get(c)).toMatchObject({
        node: { name: 'Bob' },
        transform: { position: [3, 0, 0] },
      });
  });

  it('[U3] one drag is one step', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'a', transform: { position: [0, 0, 0] } }));
    for (let x = 1; x <= 50; x++)
      ann.edit((e) => e.set('a', { transform: { position: [x, 0, 0] } }), 'drag-1');
    ann.edit((e) => e.set('a', { transform: { position: [99, 0, 0] } }), 'drag-2');
    const at = () => ann.replica.scene.get(parseObjectId('a'))?.transform?.position[0];
    ann.undo();
    expect(at()).toBe(50);
    ann.undo();
    expect(at()).toBe(0);
    ann.redo();
    expect(at()).toBe(50);
  });

  it('[U3] a drag that somebody interrupted goes back to what they wrote', () => {
    const ann = new Editor('ann');
    const bob = new Editor('bob');
    const start = ann.edit((e) => e.add({ id: 'a', node: { name: '0' } }));
    bob.replica.receive(start.patch, 'live');
    ann.edit((e) => e.set('a', { node: { name: '1' } }), 'drag');
    bob.nowMs = ann.nowMs + 1;
    ann.replica.receive(bob.edit((e) => e.set('a', { node: { name: 'bob' } })).patch, 'live');
    ann.nowMs = bob.nowMs + 1;
    ann.edit((e) => e.set('a', { node: { name: '2' } }), 'drag');
    ann.undo();
    expect(ann.replica.scene.get(parseObjectId('a'))?.node?.name).toBe('bob');
  });

  it('[U4] an object that others worked on is not taken away by undoing its creation', () => {
    const ann = new Editor('ann');
    const bob = new Editor('bob');
    const { patch } = ann.edit((e) => e.add({ id: 'a' }));
    bob.replica.receive(patch, 'live');
    bob.nowMs = ann.nowMs + 5;
    ann.replica.receive(bob.edit((e) => e.add({ id: 'b', parent: 'a' })).patch, 'live');
    expect(ann.undo()).toBeNull();
    expect(ann.replica.scene.size).toBe(2);
  });

  it('[U5] keeps two hundred steps', () => {
    const ann = new Editor('ann');
    for (let at = 0; at <= MAX_UNDO_STEPS; at++) ann.edit((e) => e.add({ id: `o${at}` }));
    let undone = 0;
    while (ann.undo() !== null) undone += 1;
    expect(undone).toBe(MAX_UNDO_STEPS);
    expect(ann.replica.scene.children(ROOT)).toEqual(['o0']);
    expect(ann.history.canUndo).toBe(false);
    expect(ann.history.canRedo).toBe(true);
    ann.edit((e) => e.add({ id: 'new' }));
    expect(ann.history.canRedo).toBe(false);
    expect(ann.history.undoName).toBe('edit');
  });

  it('[U6] forgets what was purged', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'a', node: { name: 'secret' } }));
    ann.edit((e) => {
      e.set('a', { node: { name: 'secret 2' } });
      e.add({ id: 'b' });
    });
    const { time } = ann.replica.clock.issue();
    ann.replica.receive(patchOf({ purges: [[parseObjectId('a'), time]] }), 'matrix');
    ann.history.forget(parseObjectId('a'));
    expect([...(ann.undo()?.objects.keys() ?? [])]).toEqual(['b']);
    expect(ann.undo()).toBeNull();
    expect(ann.replica.registers(parseObjectId('a'))).toBeUndefined();
  });

  it('[D12] says so where the register to take back is ahead of a clock that was set right', () => {
    const ann = seeded('ann');
    ann.nowMs += 300_000;
    ann.edit((e) => e.set('c', { node: { name: 'fast' } }));
    ann.nowMs -= 300_000;
    expect(() => ann.undo()).toThrow('Try again in');
    expect(ann.replica.scene.get(parseObjectId('c'))?.node?.name).toBe('fast');
    ann.nowMs += 300_000;
    ann.undo();
    expect(ann.replica.scene.get(parseObjectId('c'))?.node?.name).toBe('C');
  });
});

/** Visible objects that hold something of somebody else, and all that these hang from. */
function foreignTrees(me: Editor): ReadonlySet<ObjectId> {
  const { scene, clock } = me.replica;
  const foreign = new Set<ObjectId>();
  for (const id of scene.ids()) {
    const isForeign = [...(me.replica.registers(id)?.values() ?? [])].some(
      ({ stamp }) => stamp.actor !== clock.actor,
    );
    for (let at: ObjectId | undefined = isForeign ? id : undefined; at !== undefined; at = scene.parent(at))
      foreign.add(at);
  }
  return foreign;
}

/** What somebody else has written and is still the winner here, by object and path. */
function theirsOf({ replica }: Editor): Map<string, string> {
  const theirs = new Map<string, string>();
  for (const id of IDS)
    for (const [path, { value, stamp }] of replica.registers(id) ?? [])
      if (stamp.actor !== replica.clock.actor)
        theirs.set(`${id} ${path}`, `${stamp.time} ${stamp.actor} ${canonicalJson(value)}`);
  return theirs;
}
