import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, BASE_TIME } from '../../test/arbitraries.ts';
import { type Path, parsePath } from '../ids.ts';
import type { Register } from '../register/register.ts';
import type { Value } from '../value/value.ts';
import { originOf, originUnder, type Pose, poseUnder, ROOT_POSE } from './pose.ts';

const [actor] = ACTOR_IDS;
if (actor === undefined) throw new TypeError('no actor');
const stamp = { time: BASE_TIME, actor };

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const transform = fc
  .record(
    {
      position: fc.oneof(fc.tuple(number, number, number), fc.constant<Value>('nowhere')),
      rotation: fc.tuple(number, number, number, number),
      scale: fc.tuple(number, number, number),
    },
    { requiredKeys: [] },
  )
  .map(
    (parts) =>
      new Map<Path, Register>(
        Object.entries<Value>(parts).map(([name, value]) => [
          parsePath(`transform.${name}`),
          { value, stamp },
        ]),
      ),
  );

describe('originUnder', () => {
  test('[R6] is where the whole matrix puts the origin, to the last bit', () => {
    fc.assert(
      fc.property(fc.array(transform, { minLength: 1, maxLength: 5 }), (way) => {
        const above = way.slice(0, -1).reduce<Pose>(poseUnder, ROOT_POSE);
        const registers = way.at(-1) ?? new Map();
        expect(originUnder(above, registers)).toEqual(originOf(poseUnder(above, registers).matrix));
      }),
      { numRuns: 1000 },
    );
  });
});
