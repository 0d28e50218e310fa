import { describe, expect, test } from 'vitest';
import { FakeTimers } from './fake-timers.ts';

describe('FakeTimers', () => {
  test('runs what is due, in the order of time and then of setting', async () => {
    const timers = new FakeTimers(1000);
    const ran: string[] = [];
    timers.after(20, () => ran.push(`late ${timers.now()}`));
    timers.after(10, () => ran.push(`first ${timers.now()}`));
    timers.after(10, () => ran.push(`second ${timers.now()}`));
    timers.after(31, () => ran.push('not yet'));
    await timers.advance(30);
    expect(ran).toEqual(['first 1010', 'second 1010', 'late 1020']);
    expect(timers.now()).toBe(1030);
    expect(timers.pending).toBe(1);
    expect(timers.nextInMs).toBe(1);
  });

  test('runs a timer at its very millisecond, and not one before', async () => {
    const timers = new FakeTimers();
    let ran = 0;
    timers.after(10, () => {
      ran += 1;
    });
    await timers.advance(9);
    expect(ran).toBe(0);
    await timers.advance(1);
    expect(ran).toBe(1);
  });

  test('a stopped timer never runs, and stopping twice is harmless', async () => {
    const timers = new FakeTimers();
    let ran = 0;
    const stop = timers.after(1, () => {
      ran += 1;
    });
    stop();
    stop();
    await timers.advance(10);
    expect(ran).toBe(0);
    expect(timers.pending).toBe(0);
  });

  test('promises settle between two timers, so a loop that awaits is driven to its end', async () => {
    const timers = new FakeTimers();
    const wait = (ms: number) => new Promise<void>((resolve) => timers.after(ms, resolve));
    const seen: number[] = [];
    const start = timers.now();
    const loop = async () => {
      for (let round = 0; round < 3; round += 1) {
        await wait(10);
        seen.push(timers.now() - start);
      }
    };
    const done = loop();
    await timers.advance(30);
    await done;
    expect(seen).toEqual([10, 20, 30]);
  });

  test('a step of the wall clock changes no delay', async () => {
    const timers = new FakeTimers(0);
    let ranAt = -1;
    timers.after(10, () => {
      ranAt = timers.now();
    });
    timers.step(540_000);
    await timers.advance(9);
    expect(ranAt).toBe(-1);
    await timers.advance(1);
    expect(ranAt).toBe(540_010);
  });

  test('a timer that sets itself again for ever is reported', async () => {
    const timers = new FakeTimers();
    const again = (): void => {
      timers.after(0, again);
    };
    again();
    await expect(timers.advance(1)).rejects.toThrow('a loop');
  });
});
