import { expect, test } from 'vitest';
import { type LabelBox, placeLabels } from './label-layout.ts';

const label = (x: number, distance: number, more: Partial<LabelBox> = {}): LabelBox => ({
  ...{ x, y: 0, halfWidth: 0.1, halfHeight: 0.05, distance, isShown: false },
  ...more,
});

test('[AV25] of names that would cover each other the nearer one is shown, and no more than were asked for', () => {
  const [near, behind, beside] = [label(0, 2), label(0.15, 3), label(0.24, 9)];
  expect(placeLabels([beside, behind, near], 9)).toEqual([near, beside]);
  expect(placeLabels([beside, behind, near], 1)).toEqual([near]);
  expect(placeLabels([label(0, 1, { y: 0.23 }), near], 9)).toHaveLength(2);
});

test('[AV25] a name that is off the screen takes no place, and one that is shown stays until another is clearly nearer', () => {
  const [gone, edge] = [label(1.11, 1), label(1.09, 2)];
  expect(placeLabels([gone, edge], 1)).toEqual([edge]);
  const shown = label(0, 10, { isShown: true });
  for (const [distance, stays] of [
    [9, true],
    [7, false],
  ] as const)
    expect(placeLabels([shown, label(0.05, distance)], 9)[0] === shown).toBe(stays);
});

test('[AV25] a crowd of any density shows names that do not touch', () => {
  const crowd = Array.from({ length: 400 }, (_, at) =>
    label(Math.sin(at * 7.3), 1 + at / 10, { y: Math.cos(at * 3.1) }),
  );
  const placed = placeLabels(crowd, 32);
  expect(placed.length).toBe(32);
  for (const a of placed)
    for (const b of placed)
      if (a !== b) expect(Math.abs(a.x - b.x) < 0.2 && Math.abs(a.y - b.y) < 0.1).toBe(false);
});
