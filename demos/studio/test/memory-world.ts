import {
  type ChangeSet,
  canEdit,
  composeEdit,
  type EditDraft,
  History,
  isEmptyChange,
  newActorId,
  type ObjectId,
  type Patch,
  parseUserId,
  Replica,
  ROLE_LEVELS,
  type Role,
  type SceneObject,
  type Synchronous,
} from '@weft/core';
import type { StudioWorld } from '../src/state/studio-world.ts';
import { glbOfTable } from './glb-of-table.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

export interface MemoryWorldOptions {
  readonly title?: string;
  readonly role?: Role;
  readonly readOnly?: string | null;
  /** How long an edit stays 'local'; `null` for ever. */
  readonly durableAfterMs?: number | null;
  readonly seed?: (e: EditDraft) => void;
}

/** A world without a room, for looking at studio while nothing else runs. Assets: `data:` and a table at `mxc://`. */
export function memoryWorld(options: MemoryWorldOptions = {}): StudioWorld {
  const { role = 'builder', readOnly = null, durableAfterMs = 900 } = options;
  const userId = parseUserId('@alice:example.org');
  const replica = new Replica({ actor: newActorId(random), now: () => Date.now() });
  const access = { userId, level: ROLE_LEVELS[role] };
  const history = new History(
    replica,
    (id, paths) => canEdit(access, replica.scene.get(id) ?? null, paths) === null,
  );
  const listeners = {
    change: new Set<(c: ChangeSet) => void>(),
    stage: new Set<(ids: readonly ObjectId[]) => void>(),
    refused: new Set<(r: { ids: readonly ObjectId[]; error: Error }) => void>(),
  };
  const status = readable({
    graph: 'ready' as const,
    lane: 'matrix' as const,
    role,
    readOnly,
    unsaved: 0,
    quarantined: 0,
  });
  const people = readable([
    { user: userId, name: 'Alice Moreau', role, membership: 'join' as const },
    { user: '@bob:example.org', name: 'Bob', role: 'visitor' as const, membership: 'join' as const },
    {
      user: '@mira.sato:example.org',
      name: 'Mira Sato',
      role: 'steward' as const,
      membership: 'join' as const,
    },
  ]);
  const media = new Map<string, Uint8Array>();
  const problemsNow = () =>
    replica.scene.problems.map((problem) => ({
      object: problem.object,
      where: 'scene',
      path: null,
      message: problem.reason,
    }));
  const problems = readable(problemsNow());

  function emit(changes: ChangeSet): void {
    if (!isEmptyChange(changes)) for (const listen of listeners.change) listen(changes);
    count();
  }
  function count(): void {
    status.set({ ...status.value, unsaved: replica.dirty().size });
    problems.set(problemsNow());
  }
  function apply(patch: Patch, origin: 'local' | 'undo'): Promise<void> {
    emit(replica.write(patch, origin));
    for (const listen of listeners.stage) listen([...patch.objects.keys()]);
    return new Promise((done) => {
      if (durableAfterMs === null) return;
      setTimeout(() => {
        emit(replica.receive(patch, 'matrix'));
        replica.settle({ dominates: () => true });
        for (const listen of listeners.stage) listen([...patch.objects.keys()]);
        count();
        done();
      }, durableAfterMs);
    });
  }

  const world = {
    room: '!plaza',
    userId,
    title: options.title ?? 'Plaza',
    status,
    people,
    problems,
    get canUndo() {
      return history.canUndo;
    },
    get canRedo() {
      return history.canRedo;
    },
    get: (id: ObjectId) => replica.scene.get(id),
    children: (id: ObjectId) => replica.scene.children(id),
    *objects(): Iterable<SceneObject> {
      for (const id of replica.scene.ids()) {
        const object = replica.scene.get(id);
        if (object !== undefined) yield object;
      }
    },
    stage: (id: ObjectId) => replica.stage(id),
    edit<T>(
      name: string,
      change: (e: EditDraft) => Synchronous<T>,
      { coalesce }: { coalesce?: string } = {},
    ) {
      const { patch, value, before } = composeEdit<T>(replica, access, random, change);
      history.record(name, patch, before, coalesce);
      const durable = apply(patch, 'local');
      return { name, value, ids: [...patch.objects.keys()], durable };
    },
    undo: () => turn(history.undo()),
    redo: () => turn(history.redo()),
    on(event: keyof typeof listeners, listen: never) {
      listeners[event].add(listen);
      return () => listeners[event].delete(listen);
    },
    async fetchAsset(src: string) {
      if (src.startsWith('data:')) return new Uint8Array(await (await fetch(src)).arrayBuffer());
      if (src === 'mxc://example.org/table') return glbOfTable();
      const uploaded = media.get(src);
      if (uploaded !== undefined) return uploaded;
      if (src === 'mxc://example.org/slow') return new Promise<never>(() => {});
      throw new Error(`the homeserver has no media ${src}; ask whoever uploaded it to do so again`);
    },
    async importGlb(
      bytes: Uint8Array,
      { name, position }: { name: string; position?: [number, number, number] },
    ) {
      if (new TextDecoder().decode(bytes.subarray(0, 4)) !== 'glTF') {
        throw new Error(`Cannot use ${name}: expected a binary glTF file, got ${bytes.length} other bytes.`);
      }
      const src = `mxc://example.org/upload-${media.size}`;
      media.set(src, bytes);
      return world.edit(`import ${name}`, (e) =>
        e.add({ node: { name }, transform: { position: position ?? [0, 0, 0] }, mesh: { src } }),
      );
    },
    close: async () => ({ unsaved: replica.dirty().size }),
  };
  function turn(patch: Patch | null): boolean {
    if (patch !== null) void apply(patch, 'undo');
    return patch !== null;
  }
  if (options.seed !== undefined) {
    const { patch } = composeEdit(replica, { userId, level: 100 }, random, (e) => options.seed?.(e));
    replica.receive(patch, 'matrix');
    count();
  }
  return world as unknown as StudioWorld;
}

function readable<T>(first: T) {
  const listeners = new Set<() => void>();
  return {
    value: first,
    set(next: T) {
      this.value = next;
      for (const listen of listeners) listen();
    },
    subscribe(listen: () => void) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}
