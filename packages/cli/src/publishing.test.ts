import { expect, test } from 'vitest';
import { createOutput } from './output.ts';
import { publishNotes } from './publishing.ts';

test('[AS82] of what is sent about ten lines are told, for each place, and every other step', () => {
  const lines: string[] = [];
  const tell = publishNotes(
    createOutput({ json: false, stdout: () => undefined, stderr: (line) => lines.push(line.trimEnd()) }),
  );
  const bytes = 10 * 1024 * 1024;
  tell({ step: 'picture' });
  tell({ step: 'store', to: 'mxc', bytes });
  for (let percent = 0; percent <= 100; percent += 1) {
    tell({ step: 'sending', to: 'mxc', sentBytes: (bytes * percent) / 100, bytes });
    if (percent % 50 === 0) tell({ step: 'sending', to: 'ipfs', sentBytes: (bytes * percent) / 100, bytes });
  }
  expect(lines.slice(0, 3)).toEqual([
    '  drawing a thumbnail',
    '  storing 10.0 MiB in mxc',
    '  1.0 MiB of 10.0 MiB sent to mxc',
  ]);
  expect(lines.filter((line) => line.endsWith('to mxc'))).toHaveLength(10);
  expect(lines.filter((line) => line.endsWith('to ipfs'))).toEqual([
    '  5.0 MiB of 10.0 MiB sent to ipfs',
    '  10.0 MiB of 10.0 MiB sent to ipfs',
  ]);
});
