import { describe, expect, test } from 'vitest';
import { TEMPO_SAMPLE_MS, Tempo } from './tempo.ts';

/** A room in which so many move 20 times a second, and all are told. */
function room(busyOf: (tickMs: number) => number = () => 0) {
  const clock = { ms: 0 };
  const tempo: Tempo = new Tempo({
    framesPerSecond: 32_000,
    now: () => clock.ms,
    load: () => busyOf(tempo.tickMs),
  });
  return (movers: number, seconds: number): number[] => {
    const ticks: number[] = [];
    for (let sample = 0; sample < seconds * 4; sample++) {
      for (let step = 0; step < 5; step++) {
        clock.ms += TEMPO_SAMPLE_MS / 5;
        for (let mover = 0; mover < movers; mover++) tempo.heard(1, movers);
      }
      ticks.push(tempo.tickMs);
    }
    return ticks;
  };
}

describe('[MO12] poses are told', () => {
  test('at once where few move, and gathered for longer the more do', () => {
    for (const [movers, tickMs] of [
      [2, 0],
      [32, 0],
      [50, 4],
      [128, 4],
      [129, 18],
      [200, 18],
      [800, 33],
      [1500, 42],
      [5000, 42],
    ] as const)
      expect([movers, room()(movers, 2).at(-1)]).toEqual([movers, tickMs]);
  });

  test('sooner again when fewer move, and not to and fro at the edge', () => {
    const play = room();
    expect(play(200, 1).at(-1)).toBe(18);
    expect(play(30, 1).at(-1)).toBe(0);
    expect(new Set(play(39, 2))).toEqual(new Set([0]));
    expect(play(41, 2).at(-1)).toBe(4);
    expect(new Set(play(39, 2))).toEqual(new Set([4]));
  });

  test('later by a process that is busy, whatever that is with, and at once when it has time', () => {
    const load = { busy: 0.9 };
    const play = room(() => load.busy);
    expect(play(32, 5).at(-1)).toBe(18);
    load.busy = 0.1;
    expect(play(32, 60).at(-1)).toBe(0);
  });

  test('seldom at once where that is more than the process can do', () => {
    const ticks = room((tickMs) => (tickMs === 0 ? 0.95 : 0.2))(32, 120).slice(40);
    expect(ticks.filter((tickMs) => tickMs === 0).length).toBeLessThan(ticks.length / 10);
  });

  test('with less of what is allowed, down to an eighth, so long as the process is busy', () => {
    const clock = { ms: 0 };
    const load = { busy: 0.9 };
    const tempo = new Tempo({ framesPerSecond: 32_000, now: () => clock.ms, load: () => load.busy });
    const parts = (samples: number): number[] =>
      Array.from({ length: samples }, () => {
        clock.ms += TEMPO_SAMPLE_MS;
        tempo.heard(1, 1);
        return tempo.part;
      });
    expect(tempo.part).toBe(1);
    expect(parts(1)[0]).toBeCloseTo(0.7);
    expect(parts(20).at(-1)).toBe(1 / 8);
    load.busy = 0.6;
    expect(parts(20).at(-1)).toBe(1 / 8);
    load.busy = 0.1;
    expect(parts(400).at(-1)).toBe(1);
  });

  test('as before where the clock is set back', () => {
    const clock = { ms: 1e6 };
    const tempo = new Tempo({ framesPerSecond: 32_000, now: () => clock.ms, load: () => 0 });
    tempo.heard(1, 1);
    clock.ms = 0;
    tempo.heard(1, 1);
    expect(tempo.tickMs).toBe(0);
    clock.ms = TEMPO_SAMPLE_MS;
    tempo.heard(1000, 1000);
    expect(tempo.tickMs).toBe(33);
  });
});
