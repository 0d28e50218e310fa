/** What was done in a run, or in many. */
export interface Counts {
  steps: number;
  edits: number;
  events: number;
  requests: number;
  openings: number;
  crashes: number;
  partitions: number;
  outages: number;
  faults: number;
  /** Writes that a device refused or lost, and times that it was full. */
  diskFaults: number;
  /** Journals that could not be read and were put aside. */
  damages: number;
  /** Files that a media repository lost while the room pointed to them. */
  mediaLosses: number;
  checkpoints: number;
  clockSteps: number;
  /** State resolutions that let the other side win, went back to an older value, or lost the key. */
  others: number;
  resets: number;
  drops: number;
  /** Events of users who had lost the right on another branch. */
  softFailures: number;
  /** Events that were accepted though their sender had lost the right by then, as everybody knew later. */
  unentitled: number;
  kicks: number;
  bans: number;
  demotions: number;
  purges: number;
  durable: number;
  superseded: number;
  purged: number;
  refused: number;
  /** Registers that a device promised to keep. */
  kept: number;
  lost: number;
  /** Objects of which the room lost something that nobody was there to write again. */
  orphans: number;
  /** Objects of which something was only in a file that is on no server any more. */
  unreadable: number;
  virtualMs: number;
}

export function noCounts(): Counts {
  return {
    steps: 0,
    edits: 0,
    events: 0,
    requests: 0,
    openings: 0,
    crashes: 0,
    partitions: 0,
    outages: 0,
    faults: 0,
    diskFaults: 0,
    damages: 0,
    mediaLosses: 0,
    checkpoints: 0,
    clockSteps: 0,
    others: 0,
    resets: 0,
    drops: 0,
    softFailures: 0,
    unentitled: 0,
    kicks: 0,
    bans: 0,
    demotions: 0,
    purges: 0,
    durable: 0,
    superseded: 0,
    purged: 0,
    refused: 0,
    kept: 0,
    lost: 0,
    orphans: 0,
    unreadable: 0,
    virtualMs: 0,
  };
}

export function addCounts(to: Counts, more: Counts): void {
  for (const name of Object.keys(to) as (keyof Counts)[]) to[name] += more[name];
}
