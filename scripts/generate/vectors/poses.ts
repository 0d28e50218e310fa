import {
  type MoverPose,
  PoseReader,
  type PoseUpdate,
  PoseWriter,
  ProtocolError,
  type QuantisedPose,
  quantisePose,
  writeHidden,
} from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import type { Json } from '../json.ts';
import { times } from './random-patch.ts';
import { SEED, type VectorFile } from './vector-file.ts';

const CASES = 120;
const FRAMES = 8;
const PARTS = ['head', 'left', 'right'] as const;

/** Movers that wander, stop and jump, as a relay would tell of them, and some frames that were damaged on their way. */
export function generatedPoses(): VectorFile {
  return {
    kind: 'poses',
    description:
      'Frames of one socket in their order: the updates in hexadecimal, and what they say. Movers by handle, with their other parts. Generated.',
    cases: times(CASES, (at) => {
      const random = new SeededRandom(`${SEED}/poses/${at}`);
      const movers = times(1 + random.below(3), (place): [number, number] => [
        1 + place + random.pick([0, 127, 20_000, 3_000_000]),
        random.below(8),
      ]);
      return {
        name: `seed ${random.seed}`,
        why: 'the protocol package reads it so',
        movers,
        frames: framesOf(random, movers),
      };
    }),
  };
}

function framesOf(random: SeededRandom, movers: readonly (readonly [number, number])[]): Json[] {
  const writer = new PoseWriter();
  const reader = new PoseReader();
  for (const [handle, parts] of movers) reader.add(handle, parts);
  const place = movers.map(() => [
    random.between(-4000, 4000),
    random.between(-900, 900),
    random.between(-9, 9),
  ]);
  return times(FRAMES, () => {
    const told = movers.filter(() => random.chance(0.8));
    const parts = told.map(([handle, mask]) => {
      const own = place[movers.findIndex(([other]) => other === handle)] ?? [0, 0, 0];
      if (random.chance(0.1)) {
        writer.remove(handle);
        return writeHidden(handle);
      }
      const stride = random.pick([0, 0.07, 0.5, 20]);
      for (const axis of [0, 1, 2]) own[axis] = (own[axis] ?? 0) + (random.float() - 0.5) * stride;
      const pose = quantisePose(poseAt(random, mask, own));
      const teleported = random.chance(0.1);
      return writer.write([{ handle, pose, teleported, ageMs: random.pick([0, 3, 40, 58, 500, 9000]) }]);
    });
    const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
    if (!random.chance(0.15) || bytes.length === 0) return reading(reader, bytes);
    // From here on writer and reader may know different things, and what is read may be anything.
    bytes[random.below(bytes.length)] = random.below(256);
    return reading(reader, bytes);
  });
}

export function poseAt(
  random: SeededRandom,
  mask: number,
  [x = 0, y = 0, z = 0]: readonly number[],
): MoverPose {
  const part = (): MoverPose['body'] => ({
    position: [x + random.float(), y + 2 * random.float(), z - random.float()],
    rotation: [random.float() - 0.5, random.float() - 0.5, random.float() - 0.5, 0.6],
  });
  const yaw = random.float();
  const pose: MoverPose = {
    body: { position: [x, y, z], rotation: [0, Math.sin(yaw), 0, Math.cos(yaw)] },
    ...Object.fromEntries(
      PARTS.filter((_name, bit) => (mask & (1 << bit)) !== 0).map((name) => [name, part()]),
    ),
    state: random.pick(['stand', 'walk', 'dance']),
    speaking: random.chance(0.2),
    resting: random.chance(0.2),
  };
  return random.chance(0.3) ? { ...pose, velocity: [1.4, -0.5, 40] } : pose;
}

function reading(reader: PoseReader, bytes: Uint8Array): Json {
  const updates = Buffer.from(bytes).toString('hex');
  try {
    return { updates, says: reader.read(bytes).map(jsonOf) };
  } catch (error) {
    if (error instanceof ProtocolError) return { updates, refused: true };
    throw error;
  }
}

export function jsonOf({ handle, ageMs, teleported, pose }: PoseUpdate): Json {
  return { handle, ageMs, teleported, pose: pose === null ? null : poseJson(pose) };
}

function poseJson({ numbers, velocity, state, speaking, resting }: QuantisedPose): Json {
  return {
    numbers: [...numbers],
    velocity: velocity === null ? null : [...velocity],
    ...{ state, speaking, resting },
  };
}
