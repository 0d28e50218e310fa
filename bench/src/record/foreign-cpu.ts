import { readdirSync, readFileSync } from 'node:fs';

/** One process, as the kernel counts it: its own time, and that of its children that ended. */
export interface ProcessTicks {
  readonly id: number;
  readonly parent: number;
  readonly ticks: number;
}

interface Reading {
  /** Of all processors together. */
  readonly total: number;
  readonly busy: number;
  readonly own: number;
  readonly cores: number;
}

const PROCESSES = '/proc';
const CORE_LINE = /^cpu\d/gm;
/** Fields of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal; what guests take is in user. */
const STAT_FIELDS = 8;
const IDLE = 3;
const WAITING = 4;

/** How many processors are busy with something else than this process and all that it started. */
export class ForeignCpu {
  readonly #start = read();

  /** On the average since this was made; `null` where the kernel does not tell. */
  cores(): number | null {
    const now = read();
    const start = this.#start;
    if (now === null || start === null || now.total === start.total) return null;
    const foreign = now.busy - start.busy - (now.own - start.own);
    return Math.max(0, (foreign * now.cores) / (now.total - start.total));
  }
}

/** What a process and all that descends from it used. */
export function ticksOfTree(processes: readonly ProcessTicks[], root: number): number {
  const parents = new Map(processes.map(({ id, parent }) => [id, parent]));
  const isOwn = (id: number): boolean => {
    for (let at: number | undefined = id; at !== undefined && at !== 0; at = parents.get(at))
      if (at === root) return true;
    return false;
  };
  return processes.reduce((sum, { id, ticks }) => sum + (isOwn(id) ? ticks : 0), 0);
}

/** One `/proc/<id>/stat`; `null` for what is none. The name in brackets may hold anything. */
export function readProcessStat(text: string): ProcessTicks | null {
  const id = Number.parseInt(text, 10);
  const [, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // After the parent nine fields that are of no matter here, then user, system, children's user, children's system.
  const ticks = rest.slice(9, 13).reduce((sum, field) => sum + Number(field), 0);
  return Number.isSafeInteger(id) && Number.isSafeInteger(ticks)
    ? { id, parent: Number(parent), ticks }
    : null;
}

function read(): Reading | null {
  try {
    const stat = readFileSync(`${PROCESSES}/stat`, 'utf8');
    const [first = ''] = stat.split('\n');
    const fields = first
      .split(/\s+/)
      .slice(1, 1 + STAT_FIELDS)
      .map(Number);
    const total = fields.reduce((sum, field) => sum + field, 0);
    const busy = total - (fields[IDLE] ?? 0) - (fields[WAITING] ?? 0);
    return {
      total,
      busy,
      cores: stat.match(CORE_LINE)?.length ?? 1,
      own: ticksOfTree(processes(), process.pid),
    };
  } catch {
    return null;
  }
}

function processes(): ProcessTicks[] {
  return readdirSync(PROCESSES)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return readProcessStat(readFileSync(`${PROCESSES}/${name}/stat`, 'utf8')) ?? [];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}
