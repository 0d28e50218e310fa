import { fileKindOf } from '@weft/assets';
import {
  type ChangeSet,
  composeEdit,
  composeRestore,
  type EditDraft,
  entriesOf,
  History,
  isEmptyChange,
  newActorId,
  type ObjectId,
  type Patch,
  parseUserId,
  Replica,
  type RestoreOptions,
  ROLE_LEVELS,
  type Role,
  type Synchronous,
} from '@weft/core';
import { parseRoomId } from '@weft/matrix';
import type { Edit, Person, Problem, RestoreRequest, WorldEvents, WorldStatus } from '@weft/world';
import type { StudioWorld } from '../src/state/studio-world.ts';
import { cell } from './cell.ts';
import { glbOfTable } from './glb-of-table.ts';
import { memoryModels } from './memory-models.ts';
import { type MemoryMotion, memoryMotion } from './memory-motion.ts';
import { memoryPeople, memoryPresence, TRAVELS, type Travel } from './memory-people.ts';

export interface MemoryWorldOptions {
  readonly title?: string;
  readonly role?: Role;
  readonly readOnly?: string | null;
  /** How long an edit stays `local`, in milliseconds; 0 settles within the call, `null` never. */
  readonly durableAfterMs?: number | null;
  readonly seed?: (e: EditDraft) => void;
  /** Files that it has beside the table. */
  readonly media?: ReadonlyMap<string, Uint8Array>;
  /** Default: it is on this page alone. */
  readonly travel?: Travel;
  /** How many others are in the room; default 2. */
  readonly others?: number;
  /** How many of them walk about; default none. */
  readonly walkers?: number;
}

/** A world in memory, and what a test may do to it. */
export interface MemoryWorld extends StudioWorld {
  readonly presence: ReturnType<typeof memoryPresence>;
  readonly motion: MemoryMotion;
  /** Has a listener told of something. */
  tell<Name extends keyof WorldEvents>(event: Name, value: WorldEvents[Name]): void;
  /** A relay holds what is pending of an object. */
  hold(id: ObjectId): void;
  toPatch(): Patch;
}

/** What `assets.load` gives for this address; others are missing, or never answer at `mxc://example.org/slow`. */
export const TABLE = 'mxc://example.org/table';

type Listeners = { readonly [Name in keyof WorldEvents]: Set<(value: WorldEvents[Name]) => void> };

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** A world without a room, for looking at studio while nothing else runs. */
export function memoryWorld(options: MemoryWorldOptions = {}): MemoryWorld {
  const { role = 'builder', readOnly = null, durableAfterMs = 900, seed } = options;
  const { travel = TRAVELS.none, others = 2, walkers = 0 } = options;
  const userId = parseUserId('@alice:example.org');
  const replica = new Replica({ actor: newActorId(random), now: () => Date.now() });
  const access = { userId, level: ROLE_LEVELS[role] };
  const history = new History(replica);
  const listeners: Listeners = {
    change: new Set(),
    event: new Set(),
    said: new Set(),
    stage: new Set(),
    refused: new Set(),
    repair: new Set(),
    problem: new Set(),
    superseded: new Set(),
    upgraded: new Set(),
    arrived: new Set(),
    departed: new Set(),
  };
  const media = new Map<string, Uint8Array>([[TABLE, glbOfTable()], ...(options.media ?? [])]);
  const status = cell<WorldStatus>({
    graph: 'ready',
    ...travel,
    role,
    readOnly,
    unsaved: 0,
    notKept: 'This world is nowhere but on this page.',
    replacement: null,
    quarantined: 0,
    incomplete: 0,
  });
  const problems = cell<readonly Problem[]>([]);

  function tell<Name extends keyof WorldEvents>(event: Name, value: WorldEvents[Name]): void {
    for (const listen of listeners[event]) listen(value);
  }
  function took(changes: ChangeSet, ids: readonly ObjectId[]): void {
    if (!isEmptyChange(changes)) tell('change', { ...changes, authors: new Map() });
    tell('stage', ids);
    status.set({ ...status.value, unsaved: replica.dirty().size });
    problems.set(
      replica.scene.problems.map(({ object, reason }) => ({
        object,
        where: 'scene',
        path: null,
        rule: null,
        clashes: [],
        message: reason,
      })),
    );
  }
  function settle(patch: Patch): void {
    const changes = replica.receive(patch, 'matrix');
    replica.settle({ dominates: () => true });
    took(changes, [...patch.objects.keys()]);
  }
  async function write(patch: Patch, origin: 'local' | 'undo'): Promise<void> {
    took(replica.write(patch, origin), [...patch.objects.keys()]);
    if (durableAfterMs === null) return new Promise(() => {});
    if (durableAfterMs > 0) await new Promise((done) => setTimeout(done, durableAfterMs));
    settle(patch);
  }
  function turn(patch: Patch | null): boolean {
    if (patch !== null) void write(patch, 'undo');
    return patch !== null;
  }
  function edit<T>(
    name: string,
    change: (e: EditDraft) => Synchronous<T>,
    { coalesce }: { readonly coalesce?: string } = {},
  ): Edit<Synchronous<T>> {
    const { patch, value, before } = composeEdit<T>(replica, access, random, change);
    history.record(name, patch, before, coalesce);
    const durable = write(patch, 'local');
    return { name, value, ids: [...patch.objects.keys()], durable, held: durable, kept: Promise.resolve() };
  }

  if (seed !== undefined)
    settle(composeEdit(replica, { userId, level: ROLE_LEVELS.owner }, random, seed).patch);
  const motion = memoryMotion({
    me: userId,
    walkers,
    scene: replica.scene,
    edit,
    isLive: travel.lane === 'relay',
  });
  function keep(bytes: Uint8Array): string {
    const src = `mxc://example.org/upload-${media.size}`;
    media.set(src, bytes);
    return src;
  }
  const assets: StudioWorld['assets'] = {
    async load({ src }) {
      if (src === 'mxc://example.org/slow') return new Promise(() => {});
      const bytes = media.get(src);
      if (bytes !== undefined) return { bytes, type: null, sha256: '0'.repeat(64), from: src };
      throw new Error(`the homeserver has no media ${src}; ask whoever uploaded it to do so again`);
    },
  };
  return {
    motion,
    enter: async () => motion.enter(),
    room: parseRoomId('!plaza:example.org'),
    userId,
    title: options.title ?? 'Plaza',
    status,
    people: cell<readonly Person[]>(
      memoryPeople({ me: userId, role, others, isLive: travel.lane === 'relay' }),
    ),
    presence: memoryPresence(),
    problems,
    edit,
    check(fn) {
      const { value, patch } = composeEdit(replica, access, random, fn);
      return { value, ids: [...patch.objects.keys()], cost: { bytes: 0, events: 0 } };
    },
    get canUndo() {
      return history.canUndo;
    },
    get canRedo() {
      return history.canRedo;
    },
    get: (id) => replica.scene.get(id),
    children: (id) => replica.scene.children(id),
    ids: () => replica.scene.ids(),
    *objects() {
      for (const id of replica.scene.ids()) {
        const object = replica.scene.get(id);
        if (object !== undefined) yield object;
      }
    },
    stage: (id) => replica.stage(id),
    undo: () => turn(history.undo(access)),
    skipRefused: () => history.skipRefused(),
    redo: () => turn(history.redo(access)),
    restore(request) {
      const { patch, value, before } = composeRestore(replica, access, restoreOptionsOf(request));
      history.record('restore', patch, before);
      const durable = write(patch, 'local');
      const ids = [...patch.objects.keys()];
      return { name: 'restore', value, ids, durable, held: durable, kept: Promise.resolve() };
    },
    tell,
    hold(id) {
      const registers = [...entriesOf(replica.unheldPatch())].filter((entry) => entry.id === id);
      replica.hold(new Map([[id, new Map(registers.map(({ path, register }) => [path, register]))]]));
      tell('stage', [id]);
    },
    toPatch: () => replica.toPatch(),
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    assets,
    models: memoryModels({ scene: replica.scene, edit, load: (...asked) => assets.load(...asked), keep }),
    async importGlb(bytes, { name = 'Model', position } = {}) {
      if (new TextDecoder().decode(bytes.subarray(0, 4)) !== 'glTF') {
        throw new Error(`Cannot use ${name}: expected a binary glTF file, got ${bytes.length} other bytes.`);
      }
      const src = keep(bytes);
      const transform = position === undefined ? {} : { position };
      return edit(`import ${name}`, (e) => e.add({ node: { name }, transform, mesh: { src } }));
    },
    async publish(file) {
      const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file;
      const kind = fileKindOf(bytes);
      if (kind === null)
        throw new Error('Cannot publish it: expected a picture, a sound or a film, got none.');
      const src = keep(bytes);
      return {
        ...{ src, alt: [], sha256: '0'.repeat(64), bytes: bytes.length, type: kind.type, kind },
        ...{ bounds: null, thumbnail: null, report: null, savings: null, failed: [], notes: [] },
      };
    },
    close: async () => ({ unsaved: replica.dirty().size }),
  };
}

function restoreOptionsOf({ from, objects, paths }: RestoreRequest): RestoreOptions {
  return {
    from: 'toPatch' in from ? from.toPatch() : from,
    complete: false,
    ...(objects === undefined ? {} : { objects }),
    ...(paths === undefined ? {} : { paths }),
  };
}
