/** Bits of the body's coordinates where it is told whole; worlds are wider than high. */
export const BODY_BITS = [22, 20, 22] as const;
/** The same of a part, from its body. */
export const PART_BITS = 13;
/** Bits of a rotation's component. */
export const COMPONENT_BITS = 10;
/** Bits by which a coordinate is said to have changed, by the two bits before them. */
export const MOVED_BITS = [0, 5, 8, 14] as const;
/** The same for the components of a rotation, where its largest one is the same; the fourth is a whole rotation. */
export const TURNED_BITS = [0, 5, 8] as const;
/** What stands in place of the last of those. */
export const WHOLE_ROTATION = 3;
export const VELOCITY_BITS = 11;
export const STATE_BITS = 4;

/** Steps of a short age, in milliseconds; fifteen of them mean that a long one follows. */
export const AGE_STEP_MS = 4;
export const LONG_AGE = 15;
export const LONG_AGE_STEP_MS = 16;
export const MAX_LONG_AGE = 255;

/** How far a coordinate of a part may be from where it is counted, in steps: less than that, or just as much below. */
export function boundOf(isBody: boolean, axis: number): number {
  return 1 << (bitsOf(isBody, axis) - 1);
}

/** Bits of a coordinate of a part that is told whole. */
export function bitsOf(isBody: boolean, axis: number): number {
  return isBody ? (BODY_BITS[axis] ?? 0) : PART_BITS;
}

function leastOf(bits: number): number {
  return bits === 0 ? 0 : -(1 << (bits - 1));
}

/** Whether a number fits so many bits, in two's complement. */
export function fits(value: number, bits: number): boolean {
  const least = leastOf(bits);
  return value >= least && value <= -least - (bits === 0 ? 0 : 1);
}
