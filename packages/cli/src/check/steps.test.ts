import { describe, expect, it } from 'vitest';
import { createOutput } from '../output.ts';
import { CheckSteps } from './steps.ts';

function recorded(json = false) {
  const lines: string[] = [];
  const output = createOutput({ stdout: () => undefined, stderr: (chunk) => lines.push(chunk), json });
  let nowMs = 0;
  return {
    lines,
    steps: new CheckSteps(output, () => {
      nowMs += 12.34;
      return nowMs;
    }),
  };
}

describe('the steps of a check', () => {
  it('are shown with their time and remembered', async () => {
    const { lines, steps } = recorded();
    const value = await steps.run('boot', async () => ({ detail: 'Synapse answers', value: 7 }));
    expect(value).toBe(7);
    expect(lines).toEqual(['✓     12 ms  boot: Synapse answers\n']);
    expect(steps.toJson()).toEqual([{ name: 'boot', ok: true, ms: 12.3, detail: 'Synapse answers' }]);
  });

  it('show why one failed, and hand the failure on', async () => {
    const { lines, steps } = recorded();
    const failed = steps.run('boot', async () => {
      throw new Error('no answer');
    });
    await expect(failed).rejects.toThrow('no answer');
    expect(lines).toEqual(['✗     12 ms  boot: no answer\n']);
    expect(steps.steps).toMatchObject([{ ok: false }]);
  });

  it('are silent when the result is for programs', async () => {
    const { lines, steps } = recorded(true);
    await steps.run('boot', async () => ({ detail: 'fine', value: null }));
    expect(lines).toEqual([]);
  });
});
