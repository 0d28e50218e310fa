import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { SYNAPSE_VERSION } from '@weft/cli/stack';

/** Where a figure was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly synapse: string;
  /** One-minute load average at the start: what else the machine did. */
  readonly loadAtStart: number;
}

export function describeMachine(): Machine {
  const [load = 0] = loadavg();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
    node: process.version,
    synapse: SYNAPSE_VERSION,
    loadAtStart: load,
  };
}
