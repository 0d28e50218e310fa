/** Where a label would be on the screen, in normalised device coordinates: its middle, and half of its size. */
export interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** From whoever looks, in metres: of two that overlap the nearer one is shown. */
  readonly distance: number;
  /** Whether it is shown now: it gives way only to one that is clearly nearer, so that nothing flickers. */
  readonly isShown: boolean;
}

/** How much nearer another one has to be to take the place of one that is shown. */
const STAYS_WITHIN = 0.8;
/** Of the size of a label what has to be free round it: whom it names is seen, too. */
const ROOM = { across: 1.15, up: 2.2 } as const;

/** Of labels the nearest that fit on the screen without covering each other. Costs the square of how many are shown. */
export function placeLabels<T extends LabelBox>(labels: Iterable<T>, most: number): readonly T[] {
  const rank = ({ distance, isShown }: T): number => distance * (isShown ? STAYS_WITHIN : 1);
  const placed: T[] = [];
  for (const label of [...labels].filter(isOnScreen).sort((a, b) => rank(a) - rank(b))) {
    if (placed.length === most) break;
    if (!placed.some((other) => overlap(label, other))) placed.push(label);
  }
  return placed;
}

function isOnScreen({ x, y, halfWidth, halfHeight }: LabelBox): boolean {
  return Math.abs(x) - halfWidth < 1 && Math.abs(y) - halfHeight < 1;
}

function overlap(a: LabelBox, b: LabelBox): boolean {
  return (
    Math.abs(a.x - b.x) < (a.halfWidth + b.halfWidth) * ROOM.across &&
    Math.abs(a.y - b.y) < (a.halfHeight + b.halfHeight) * ROOM.up
  );
}
