/** How a sound fades with distance, in metres. */
export interface Reach {
  /** Within it the sound is at full volume. */
  readonly refDistance: number;
  /** Beyond it the sound fades no further. */
  readonly maxDistance: number;
}

/** The share of its volume that a sound has at a distance: halved whenever that doubles, between the two bounds. */
export function loudnessAt(metres: number, { refDistance, maxDistance }: Reach): number {
  const within = Math.min(Math.max(metres, refDistance), Math.max(refDistance, maxDistance));
  return refDistance / within;
}
