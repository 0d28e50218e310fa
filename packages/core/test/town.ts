import {
  newActorId,
  parseObjectId,
  parsePath,
  parseTime,
  patchOf,
  Reduction,
  RegisterStore,
  type Value,
} from '../src/index.ts';
import { BASE_TIME } from './arbitraries.ts';

const actor = newActorId((length) => new Uint8Array(length));

/** Houses ten metres apart, a room in each. */
export function townOf(side: number) {
  const store = new RegisterStore();
  const reduction = new Reduction((id) => store.get(id));
  let ticks = 0;
  const write = (objects: readonly (readonly [string, Readonly<Record<string, Value>>])[]) => {
    ticks += 1;
    const stamp = { time: parseTime(BASE_TIME + ticks), actor };
    const registers = objects.flatMap(([name, words]) =>
      Object.entries(words).map(([path, value]) => ({
        id: parseObjectId(name),
        path: parsePath(path),
        register: { value, stamp },
      })),
    );
    return reduction.apply(store.join(patchOf({ registers })), 'live');
  };
  const houses = Array.from({ length: side * side }, (_, at) => at);
  write(
    houses.flatMap((at) => [
      [`house-${at}`, { 'transform.position': [(at % side) * 10, 0, Math.floor(at / side) * 10] }],
      [`room-${at}`, { 'node.parent': `house-${at}`, 'transform.position': [3, 0, 0] }],
    ]),
  );
  return { scene: reduction.scene, write };
}
