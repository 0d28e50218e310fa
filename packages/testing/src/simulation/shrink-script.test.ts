import { describe, expect, it } from 'vitest';
import { readScript, type Script } from './script.ts';
import { kindOf, shrinkScript } from './shrink-script.ts';
import { writeScript } from './write-script.ts';

/** Fails where both steps are there, in this order. */
async function failsWith(script: Script, first: number, second: number) {
  const waits = script.steps.map(({ afterMs }) => afterMs);
  const at = waits.indexOf(first);
  const isBroken = at >= 0 && waits.indexOf(second, at + 1) > at;
  return { violations: isBroken ? [`u1 on s0.test lacks what the room holds: ${script.steps.length}`] : [] };
}

describe('shrinkScript', () => {
  it('leaves the steps that it takes to fail, in the calmest world', async () => {
    const steps = Array.from({ length: 40 }, (_, at) => ({ do: 'wait', afterMs: at }) as const);
    const script = { ...writeScript('1'), steps };
    const { script: shrunk, violations } = await shrinkScript(script, {
      run: (tried) => failsWith(tried, 17, 31),
    });
    expect(shrunk.steps.map(({ afterMs }) => afterMs)).toEqual([17, 31]);
    expect(shrunk.users).toHaveLength(1);
    expect(shrunk.servers).toHaveLength(1);
    expect(violations).toEqual(['u1 on s0.test lacks what the room holds: 2']);
  });

  it('keeps what fails in the same way, and gives up after so many runs', async () => {
    let runs = 0;
    const { runs: counted } = await shrinkScript(writeScript('1'), {
      maxRuns: 10,
      run: async () => {
        runs += 1;
        return { violations: [runs === 1 ? 'u1: a' : 'u1: b'] };
      },
    });
    expect(runs).toBe(10);
    expect(counted).toBe(10);
  });

  it('takes two violations for the same whoever and whatever they happened to', () => {
    const one = 'u3 on s1.test holds what the room lost: truth: a {}';
    expect(kindOf(one)).toBe(kindOf('auditor on s0.test holds what the room lost: truth: b {}'));
    expect(kindOf('u1 has 3 objects unsaved for ever')).toBe(kindOf('u0 has 12 objects unsaved for ever'));
    expect(kindOf(one)).not.toBe(kindOf('u3 on s1.test lacks what the room holds: truth: a {}'));
  });
});

describe('a script', () => {
  it('is the same for the same seed, and reads back from JSON', () => {
    const script = writeScript('12');
    expect(writeScript('12')).toEqual(script);
    expect(readScript(JSON.stringify(script))).toEqual(script);
    expect(writeScript('13')).not.toEqual(script);
  });

  it('that this version does not know is refused', () => {
    const script = { ...writeScript('12'), steps: [{ do: 'fly', afterMs: 1 }] };
    expect(() => readScript(JSON.stringify(script))).toThrow('"fly"');
    expect(() => readScript('{}')).toThrow('expected a script');
  });
});
