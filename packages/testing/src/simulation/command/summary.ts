import type { Counts } from '../counts.ts';
import type { CampaignResult } from './campaign.ts';

const LABELS: Readonly<Record<keyof Counts, string>> = {
  steps: 'steps',
  edits: 'edits made by clients',
  events: 'events accepted, on all servers',
  requests: 'requests that arrived',
  openings: 'clients started',
  crashes: 'clients killed',
  partitions: 'partitions and half-open links between servers',
  outages: 'outages of servers and of clients’ lines',
  faults: 'lost requests, lost answers, 429, 502',
  diskFaults: 'device writes refused, lost or torn, and full devices',
  damages: 'journals that could not be read and were put aside',
  mediaLosses: 'files lost by a media repository that the room pointed to',
  checkpoints: 'layers of everything asked for',
  clockSteps: 'clock steps',
  others: 'state resolutions that let the other side win',
  resets: 'state resolutions that went back to an older value',
  drops: 'state resolutions that lost the key',
  softFailures: 'events of users who had lost the right',
  unentitled: 'events sent after their senders had lost the right, and taken back',
  kicks: 'kicks',
  bans: 'bans',
  demotions: 'changes of role',
  purges: 'redactions and emptied objects',
  durable: 'registers acknowledged as durable',
  superseded: 'registers reported as superseded',
  purged: 'registers reported as purged',
  refused: 'registers reported as refused',
  kept: 'registers that a device said it keeps',
  lost: 'registers neither saved nor kept when their client ended',
  orphans: 'objects of which the room lost something, and nobody was there to write it again',
  unreadable: 'objects of which something was only in a file that is lost',
  virtualMs: 'hours simulated',
};
const MS_PER_HOUR = 3_600_000;

/** The result of a campaign as text. */
export function summary(from: number, jobs: number, result: CampaignResult): string {
  const { schedules, counts, failures, seconds, cpuSeconds } = result;
  const rate = schedules / Math.max(seconds, 1e-3);
  const perCore = schedules / Math.max(cpuSeconds, 1e-3);
  const rows = (Object.keys(LABELS) as (keyof Counts)[]).map((name) => {
    const value = name === 'virtualMs' ? Math.round(counts[name] / MS_PER_HOUR) : counts[name];
    return `${value.toLocaleString('en').padStart(15)}  ${LABELS[name]}`;
  });
  return [
    `${schedules.toLocaleString('en')} schedules from seed ${from}, ${failures.length} failed`,
    `${rate.toFixed(1)} a second in ${jobs} processes, ${perCore.toFixed(1)} a second of processor time`,
    ...rows,
  ].join('\n');
}
