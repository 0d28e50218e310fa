import { fileURLToPath } from 'node:url';
import { interruptSignal, runCommand } from '@weft/testing/command';
import { commandOf, durationText, helpText, readCommandLine, workloadHelp } from './command-line.ts';
import { describeMachine } from './record/machine.ts';
import { describeProvenance } from './record/provenance.ts';
import type { Result } from './record/result.ts';
import { writeResult } from './record/write-result.ts';
import { table } from './report/table.ts';
import { verdicts } from './report/verdicts.ts';
import type { Workload } from './workload.ts';
import { assets } from './workloads/assets/assets.ts';
import { burst } from './workloads/burst/burst.ts';
import { coldJoin } from './workloads/cold-join/cold-join.ts';
import { crowd } from './workloads/crowd/crowd.ts';
import { graph } from './workloads/graph/graph.ts';
import { join } from './workloads/join/join.ts';
import { lanes } from './workloads/lanes/lanes.ts';
import { open } from './workloads/open/open.ts';
import { poses } from './workloads/poses/poses.ts';
import { query } from './workloads/query/query.ts';
import { relayKill } from './workloads/relay-kill/relay-kill.ts';
import { storm } from './workloads/storm/storm.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const WORKLOADS: readonly Workload[] = [
  open,
  burst,
  graph,
  query,
  join,
  storm,
  coldJoin,
  relayKill,
  lanes,
  poses,
  crowd,
  assets,
];

async function main(args: readonly string[]): Promise<number> {
  const command = readCommandLine(args, WORKLOADS);
  const { workload, options, seed, json, help } = command;
  if (workload === null || help) {
    console.log(workload === null ? helpText(WORKLOADS) : workloadHelp(workload));
    return workload === null && !help ? 2 : 0;
  }
  const signal = interruptSignal();
  const progress = (line: string): void => console.error(`bench: ${line}`);
  progress(
    `${workload.name}, ${durationText(workload.seconds(options))} on two cores with nothing else to do`,
  );
  const provenance = await describeProvenance(root);
  const machine = describeMachine();
  const startedAt = new Date().toISOString();
  const measurements = await workload.run({ root, seed, options, signal, progress });
  if (measurements.length === 0) {
    progress('stopped before anything was measured');
    return 1;
  }
  const result: Result = {
    format: 'weft-bench/2',
    workload: workload.name,
    command: commandOf(command),
    startedAt,
    endedAt: new Date().toISOString(),
    interrupted: signal.aborted,
    seed,
    provenance,
    machine,
    method: workload.method,
    parameters: options,
    measurements,
  };
  progress(`recorded in ${await writeResult(root, result, workload.beside(result))}`);
  console.log(json ? JSON.stringify(result, null, 2) : [table(result), ...verdicts(result)].join('\n'));
  return 0;
}

await runCommand('bench', helpText(WORKLOADS), main);
