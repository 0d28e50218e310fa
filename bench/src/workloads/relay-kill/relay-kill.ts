import type { Measurement } from '../../record/result.ts';
import { summarise } from '../../statistics/summary.ts';
import { type Workload, type WorkloadContext, wholeNumbers } from '../../workload.ts';
import { KilledRelay } from './killed-relay.ts';

/** A relay that dies in the middle of edits, again and again. */
export const relayKill: Workload = {
  name: 'relay-kill',
  summary: 'a relay that is killed with -9 mid-burst: what it had acknowledged, and when clients are back',
  options: [
    { name: 'kills', value: 'N', default: '100', help: 'times that it is killed' },
    { name: 'objects', value: 'N', default: '1000', help: 'objects in the world' },
    { name: 'rate', value: 'N', default: '100', help: 'edits a second while it runs' },
  ],
  method: [
    'One client edits, another looks on; after 0.3 to 1.5 s of edits, drawn from the seed, the relay’s process is killed with SIGKILL.',
    'What the author had been told is held by then is looked for in a second relay over a copy of the journal, read by a client that comes new.',
    'Meanwhile the relay is started again on its own journal; back is from the kill until both clients are live, the start of the process included.',
    'At the end the author, who goes on sending what was not acknowledged, the other one, and somebody new must show the same.',
    'Any acknowledged edit that is missing is counted as lost.',
  ],
  run: measureRelayKill,
};

async function measureRelayKill(context: WorkloadContext): Promise<readonly Measurement[]> {
  const [kills = 1] = wholeNumbers(context, 'kills', { min: 1, max: 10_000 });
  const [objects = 1] = wholeNumbers(context, 'objects', { min: 1, max: 100_000 });
  const [rate = 1] = wholeNumbers(context, 'rate', { min: 1, max: 1000 });
  const relay = await KilledRelay.start({ ...context, objects, rate });
  try {
    const backMs: number[] = [];
    const lost: number[] = [];
    const held: number[] = [];
    for (let kill = 1; kill <= kills; kill += 1) {
      context.signal.throwIfAborted();
      const cycle = await relay.cycle();
      backMs.push(cycle.backMs);
      lost.push(cycle.lost);
      held.push(cycle.acknowledged);
      context.progress(
        `kill ${kill} of ${kills}: ${cycle.acknowledged} held, ${cycle.lost} lost, back ${cycle.backMs.toFixed(0)} ms`,
      );
    }
    await relay.checkEqual();
    const row = (metric: string, unit: Measurement['unit'], samples: readonly number[]): Measurement => ({
      ...{ metric, system: 'weft', parameters: { kills, objects }, unit, samples },
      ...summarise(samples),
    });
    return [
      row('clients back', 'ms', backMs),
      row('edits acknowledged before a kill', 'events', held),
      row('acknowledged edits lost by a kill', 'events', lost),
    ];
  } finally {
    await relay.close();
  }
}
