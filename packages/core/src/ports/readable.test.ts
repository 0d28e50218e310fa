import { expect, test } from 'vitest';
import { Cell, sameFields } from './readable.ts';

test('a cell tells each change once, and nothing where nothing changed', () => {
  const first = { lane: 'matrix', unsaved: 0 };
  const cell = new Cell(first, sameFields);
  let told = 0;
  const listener = () => {
    told += 1;
  };
  const stop = cell.subscribe(listener);
  const stopTwin = cell.subscribe(listener);
  cell.set({ lane: 'matrix', unsaved: 0 });
  expect(cell.value).toBe(first);
  expect(told).toBe(0);
  cell.set({ lane: 'matrix', unsaved: 1 });
  expect(told).toBe(2);
  stopTwin();
  cell.set({ lane: 'offline', unsaved: 1 });
  expect(told).toBe(3);
  stop();
  cell.set(first);
  expect(told).toBe(3);
});

test('a listener that stops another does not break the round', () => {
  const cell = new Cell(0);
  const seen: string[] = [];
  const stops: (() => void)[] = [];
  stops.push(
    cell.subscribe(() => {
      seen.push('a');
      stops[1]?.();
    }),
  );
  stops.push(
    cell.subscribe(() => {
      seen.push('b');
    }),
  );
  cell.set(1);
  cell.set(2);
  expect(seen).toEqual(['a', 'b', 'a']);
});
