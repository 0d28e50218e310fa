import { addCounts, noCounts } from '../counts.ts';
import { runScript } from '../run-script.ts';
import { writeScript } from '../write-script.ts';
import type { Batch, BatchResult } from './campaign.ts';

/** Runs batches of seeds for the process that started this one, and ends with it. */
process.on('disconnect', () => process.exit(0));
process.on('message', (batch: Batch) => void run(batch));

async function run({ from, count }: Batch): Promise<void> {
  const counts = noCounts();
  const failures: BatchResult['failures'] = [];
  const before = process.cpuUsage();
  for (let seed = from; seed < from + count; seed += 1) {
    const { violations, counts: more } = await runScript(writeScript(String(seed)));
    addCounts(counts, more);
    if (violations.length > 0) failures.push({ seed, violations });
  }
  const { user, system } = process.cpuUsage(before);
  const result: BatchResult = { count, counts, failures, cpuMs: (user + system) / 1000 };
  process.send?.(result);
}
