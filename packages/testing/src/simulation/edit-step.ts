import {
  type EditDraft,
  emptyPatch,
  type ObjectId,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  type Scene,
  writerHashOf,
} from '@weft/core';
import { SeededRandom } from '../random/seeded-random.ts';
import type { EditKind } from './script.ts';
import type { SimProcess } from './sim-process.ts';

const NAMES = ['oak', 'elm', 'ash', 'yew', 'fir'] as const;
const KINDS = ['table', 'lamp', 'chair', 'room'] as const;
/** Objects of one bulk edit, from and to: past what one event holds as plain JSON. */
const BULK = [5, 40] as const;
/** Objects of one large edit, and random bytes in each: past what one event holds, however it is packed. */
const LARGE = [19, 22] as const;
const LARGE_BYTES = 2700;
const KEEPSAKES = 3;
/** New objects hang from one of few, so that their writers meet. */
const MAX_PARENTS = 6;

/** Makes an edit as a person would, on what is there; `false` where nothing of the kind can be done. */
export function makeEdit(process: SimProcess, kind: EditKind, pick: number, to: number): boolean {
  const { scene } = process.replica;
  const ids = sortedIds(scene);
  const id = ids[pick % Math.max(1, ids.length)];
  const other = ids[to % Math.max(1, ids.length)];
  switch (kind) {
    case 'create':
      return process.edit((draft) => void create(draft, ids, pick, to));
    case 'bulk':
      return process.edit((draft) => bulk(draft, ids, pick, to));
    case 'large':
      return process.edit((draft) => large(draft, ids, pick, to));
    case 'keepsake':
      return process.write(() => keepsake(process, pick, to));
    case 'undo':
    case 'redo':
      return process.turn(kind);
    case 'restore': {
      const gone = deletedIds(process)[pick % Math.max(1, deletedIds(process).length)];
      if (gone === undefined) return false;
      return process.edit((draft) => draft.set(gone, { node: { deleted: null } }));
    }
    default:
      if (id === undefined || other === undefined) return false;
      return process.edit((draft) => change(draft, kind, id, other, process.homeserver.userId, to));
  }
}

function change(
  draft: EditDraft,
  kind: Exclude<EditKind, 'create' | 'bulk' | 'large' | 'keepsake' | 'undo' | 'redo' | 'restore'>,
  id: ObjectId,
  other: ObjectId,
  user: string,
  to: number,
): void {
  switch (kind) {
    case 'set':
      if (to % 3 === 0) draft.set(id, { node: { name: `${NAMES[to % NAMES.length]} ${to}` } });
      else if (to % 3 === 1) draft.set(id, { transform: { position: [to / 8, 0, -to / 4] } });
      else draft.set(id, { 'acme:door': { open: to % 2 === 0, angle: to } });
      return;
    case 'move':
      draft.move(id, to % 5 === 0 ? { into: 'root' } : { into: other });
      return;
    case 'delete':
      draft.remove(id);
      return;
    case 'sit':
      draft.set(id, { seat: { occupant: to % 3 === 0 ? null : user } });
      return;
    case 'own':
      draft.set(id, { node: to % 2 === 0 ? { owner: user } : { locked: to % 4 === 1 } });
  }
}

function create(draft: EditDraft, ids: readonly ObjectId[], pick: number, to: number): ObjectId {
  const parents: readonly string[] = ['root', 'root', ...ids.slice(0, MAX_PARENTS)];
  return draft.add({
    parent: parents[pick % parents.length] ?? 'root',
    node: { name: `${NAMES[to % NAMES.length]} ${pick}`, kind: KINDS[to % KINDS.length] ?? 'table' },
    transform: { position: [pick / 8, 0, to / 8] },
  });
}

function bulk(draft: EditDraft, ids: readonly ObjectId[], pick: number, to: number): void {
  const count = BULK[0] + (pick % (BULK[1] - BULK[0]));
  const parent = create(draft, ids, pick, to);
  for (let at = 1; at < count; at += 1)
    draft.add({ parent, node: { name: `part ${at}` }, transform: { position: [at, 0, 0] } });
}

function large(draft: EditDraft, ids: readonly ObjectId[], pick: number, to: number): void {
  const count = LARGE[0] + (pick % (LARGE[1] - LARGE[0]));
  const parent = create(draft, ids, pick, to);
  const random = new SeededRandom(`large/${pick}/${to}`);
  for (let at = 1; at < count; at += 1) {
    const text = Buffer.from(random.bytes(LARGE_BYTES)).toString('base64');
    draft.add({ parent, node: { name: `part ${at}` }, 'acme:scan': { points: text } });
  }
}

/** Something personal, which no draft makes: a new one, or another value of one that is there. */
function keepsake({ replica, homeserver }: SimProcess, pick: number, to: number): Patch {
  const id = parseObjectId(`u_${writerHashOf(homeserver.userId)}_keepsake-${pick % KEEPSAKES}`);
  const stamp = replica.clock.issue();
  // As a draft would not: it would be purged, or lost to a faster clock, as it is made.
  const held = [...(replica.registers(id)?.values() ?? [])].map((register) => register.stamp.time);
  if (stamp.time <= Math.max(replica.purgeOf(id) ?? 0, ...held)) return emptyPatch;
  const values = { 'node.parent': 'root', 'node.name': `${NAMES[to % NAMES.length]} ${to}` };
  return patchOf({
    registers: Object.entries(values).map(([path, value]) => ({
      id,
      path: parsePath(path),
      register: { value, stamp },
    })),
  });
}

// What is deleted is hidden, and known by its registers.
function deletedIds(process: SimProcess): ObjectId[] {
  const ids: ObjectId[] = [];
  for (const [id, { registers }] of process.replica.toPatch().objects)
    for (const [path, { value }] of registers) if (path === 'node.deleted' && value === true) ids.push(id);
  return ids.sort();
}

export function sortedIds(scene: Scene): ObjectId[] {
  return [...scene.ids()].sort();
}
