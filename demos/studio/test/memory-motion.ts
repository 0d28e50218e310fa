import {
  type ActorId,
  type EditDraft,
  type ObjectId,
  parseUserId,
  type Scene,
  type UserId,
} from '@weft/core';
import type { Avatar, Edit, MeStatus, MoverPose, PartPose } from '@weft/world';
import type { StudioMe, StudioWorld } from '../src/state/studio-world.ts';
import { cell } from './cell.ts';

export interface MemoryMotionOptions {
  readonly me: UserId;
  /** How many others walk about. */
  readonly walkers: number;
  readonly scene: Pick<Scene, 'get'>;
  readonly edit: (name: string, change: (e: EditDraft) => void) => Edit<void>;
  readonly isLive: boolean;
}

export type MemoryMotion = ReturnType<typeof memoryMotion>;

const FIRST_NAMES = 'Ada Bo Chidi Dara Emil Farah Goran Hana Ines Jun Kofi Lena Mio Nour Otto Pia'.split(' ');
const LAST_NAMES = ['Abe', 'Brandt', 'Castellanos', 'Diallo', 'Eriksen', 'Fu', 'Grossmann', 'Haddad'];
const RING_METRES = 2.6;
const RINGS = 8;

/** What moves in a world in memory: this page's own avatar, and others who go in rings round the middle. */
export function memoryMotion({ me, walkers, scene, edit, isLive }: MemoryMotionOptions) {
  const others = Array.from({ length: walkers }, (_, at) => walker(at));
  const avatars = cell<readonly Avatar[]>(others);
  const carried = new Map<ObjectId, PartPose>();
  let own: StudioMe | null = null;

  function enter(): StudioMe {
    let pose: MoverPose = { body: { position: [0, 0, 8], rotation: [0, 0, 0, 1] }, state: 'stand' };
    let seat: ObjectId | null = null;
    const status = cell<MeStatus>(
      isLive ? { seen: 'shown', detail: '' } : { seen: 'away', detail: 'Nobody is here.' },
    );
    const myself: Avatar = {
      ...{ user: me, name: 'Alice Moreau', device: 'D', actor: 'actor-me' as ActorId, own: true },
      ...{ role: 'builder', model: null, state: 'stand', speaking: false, poseAt: () => pose },
    };
    const made: StudioMe = {
      status,
      get seat() {
        return seat;
      },
      get carries() {
        return [...carried.keys()];
      },
      get lastPose() {
        return pose;
      },
      pose: (next) => {
        pose = next;
      },
      grab: async () => undefined,
      carry: (place, id) => {
        if (id === undefined) return false;
        carried.set(id as ObjectId, place);
        return true;
      },
      release: async (id) => {
        const place = carried.get(id as ObjectId);
        carried.delete(id as ObjectId);
        return place === undefined
          ? null
          : edit('carry', (e) => e.set(id ?? '', { transform: { position: place.position } }));
      },
      sit: (id) => {
        seat = id as ObjectId;
        const [, , , , , , , , , , , , x = 0, y = 0, z = 0] = scene.get(seat)?.worldMatrix ?? [];
        const [dx = 0, dy = 0, dz = 0] = scene.get(seat)?.seat?.offset ?? [];
        pose = { body: { position: [x + dx, y + dy, z + dz], rotation: [0, 0, 0, 1] }, state: 'sit' };
        return edit('sit', (e) => e.set(id, { seat: { occupant: me } }));
      },
      stand: () => {
        const left = seat;
        seat = null;
        return left === null ? null : edit('stand', (e) => e.set(left, { seat: { occupant: null } }));
      },
      on: () => () => undefined,
      leave: () => {
        own = null;
        avatars.set(others);
      },
    };
    own = made;
    avatars.set([myself, ...others]);
    return made;
  }

  return {
    avatars,
    enter,
    get me() {
      return own;
    },
    moving: () => carried.keys(),
    transformAt: (id: ObjectId) => carried.get(id) ?? null,
    look: () => undefined,
    sitterOf: (id: ObjectId) => (scene.get(id)?.seat?.occupant as UserId | undefined) ?? null,
    holderOf: () => null,
  } satisfies StudioWorld['motion'] & Record<string, unknown>;
}

function walker(at: number): Avatar {
  const name = `${FIRST_NAMES[at % FIRST_NAMES.length]} ${LAST_NAMES[Math.floor(at / 3) % LAST_NAMES.length]}`;
  const radius = RING_METRES + (at % RINGS) * 1.1;
  const way = at % 2 === 0 ? 1 : -1;
  const pose = (): MoverPose => {
    const isWaving = at % 17 === 3;
    const angle = at * 2.4 + (isWaving ? 0 : (way * performance.now()) / 1000 / radius);
    const yaw = angle - (way * Math.PI) / 2;
    return {
      body: {
        position: [Math.sin(angle) * radius, 0, Math.cos(angle) * radius],
        rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)],
      },
      state: isWaving ? 'wave' : 'walk',
    };
  };
  return {
    ...{ user: parseUserId(`@walker.${at}:example.org`), name, device: 'D', actor: `actor-${at}` as ActorId },
    ...{ own: false, role: 'visitor', model: null, state: 'walk', speaking: false, poseAt: pose },
  };
}
