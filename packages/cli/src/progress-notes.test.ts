import { describe, expect, it } from 'vitest';
import { createOutput } from './output.ts';
import { progressNotes } from './progress-notes.ts';

describe('progress for a person', () => {
  it('shows every step, and of a long one about ten lines and its end', () => {
    const lines: string[] = [];
    const notes = progressNotes(
      createOutput({ stdout: () => undefined, stderr: (line) => lines.push(line), json: false }),
    );
    notes({ step: 'python', message: 'Python 3.12' });
    notes({ step: 'install', message: 'installing', fraction: 0 });
    for (let part = 1; part < 100; part += 1) {
      notes({ step: 'install', message: `fetching ${part}`, fraction: part / 100 });
    }
    notes({ step: 'install', message: 'installed', fraction: 1 });
    expect(lines.slice(0, 3)).toEqual(['  Python 3.12\n', '  installing\n', '  fetching 10 (10 %)\n']);
    expect(lines.at(-1)).toBe('  installed\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThan(15);
  });
});
