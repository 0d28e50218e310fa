import { fileURLToPath } from 'node:url';
import { commandOf, helpText, readCommandLine, workloadHelp } from './command-line.ts';
import { describeMachine } from './record/machine.ts';
import { describeProvenance } from './record/provenance.ts';
import type { Result } from './record/result.ts';
import { writeResult } from './record/write-result.ts';
import { table } from './report/table.ts';
import { UsageError, type Workload } from './workload.ts';
import { burst } from './workloads/burst/burst.ts';
import { coldJoin } from './workloads/cold-join/cold-join.ts';
import { graph } from './workloads/graph/graph.ts';
import { join } from './workloads/join/join.ts';
import { lanes } from './workloads/lanes/lanes.ts';
import { open } from './workloads/open/open.ts';
import { query } from './workloads/query/query.ts';
import { relayKill } from './workloads/relay-kill/relay-kill.ts';
import { storm } from './workloads/storm/storm.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const WORKLOADS: readonly Workload[] = [open, burst, graph, query, join, storm, coldJoin, relayKill, lanes];

async function main(args: readonly string[]): Promise<number> {
  const command = readCommandLine(args, WORKLOADS);
  const { workload, options, seed, json, help } = command;
  if (workload === null || help) {
    console.log(workload === null ? helpText(WORKLOADS) : workloadHelp(workload));
    return workload === null && !help ? 2 : 0;
  }
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort());
  const provenance = await describeProvenance(root);
  const machine = describeMachine();
  const startedAt = new Date().toISOString();
  const progress = (line: string): void => console.error(`bench: ${line}`);
  const measurements = await workload.run({ root, seed, options, signal: interrupt.signal, progress });
  const result: Result = {
    format: 'weft-bench/1',
    workload: workload.name,
    command: commandOf(command),
    startedAt,
    endedAt: new Date().toISOString(),
    seed,
    provenance,
    machine,
    method: workload.method,
    parameters: options,
    measurements,
  };
  const path = await writeResult(root, result);
  console.error(`bench: recorded in ${path}`);
  console.log(json ? JSON.stringify(result, null, 2) : table(result));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${helpText(WORKLOADS)}`);
    process.exitCode = 2;
  } else {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
