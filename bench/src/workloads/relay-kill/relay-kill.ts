import { repeated } from '../../record/measured.ts';
import type { Measurement } from '../../record/result.ts';
import { defineWorkload, number } from '../../workload.ts';
import { KilledRelay } from './killed-relay.ts';

/** One kill with the burst before it, the new start and the look into the journal. */
const KILL_SECONDS = 4;
const START_SECONDS = 10;

/** A relay that dies in the middle of edits, again and again. */
export const relayKill = defineWorkload({
  name: 'relay-kill',
  summary: 'a relay that is killed with -9 mid-burst: what it had acknowledged, and when clients are back',
  options: {
    kills: number(100, { min: 1, max: 10_000 }, 'times that it is killed'),
    objects: number(1000, { min: 1, max: 100_000 }, 'objects in the world'),
    rate: number(100, { min: 1, max: 1000 }, 'edits a second while it runs'),
  },
  method: [
    'One client edits, another looks on; after 0.3 to 1.5 s of edits, drawn from the seed, the relay’s process is killed with SIGKILL.',
    'What the author had been told is held by then is looked for in a second relay over a copy of the journal, read by a client that comes new.',
    'Meanwhile the relay is started again on its own journal; back is from the kill until both clients are live, the start of the process included.',
    'At the end the author, who goes on sending what was not acknowledged, the other one, and somebody new must show the same.',
    'Any acknowledged edit that is missing is counted as lost; each kill is one repetition, of a fresh process.',
    'Self-test: a journal that holds nothing must show as the loss of everything that was acknowledged, else the run is void.',
  ],
  seconds: ({ kills }) => START_SECONDS + kills * KILL_SECONDS,
  async run({ seed, signal, progress, record }, { kills, objects, rate }) {
    const relay = await KilledRelay.start({ seed, objects, rate });
    try {
      await relay.checkLossShows();
      const backMs: number[] = [];
      const lost: number[] = [];
      const held: number[] = [];
      while (backMs.length < kills && !signal.aborted) {
        const cycle = await relay.cycle();
        backMs.push(cycle.backMs);
        lost.push(cycle.lost);
        held.push(cycle.acknowledged);
        progress(
          `kill ${backMs.length} of ${kills}: ${cycle.acknowledged} held, ${cycle.lost} lost, back ${cycle.backMs.toFixed(0)} ms`,
        );
      }
      if (backMs.length === 0) return;
      await relay.checkEqual();
      const row = (metric: string, unit: Measurement['unit'], samples: readonly number[]): Measurement =>
        repeated({ metric, system: 'weft', parameters: { kills: samples.length, objects }, unit, samples });
      record([
        row('clients back', 'ms', backMs),
        row('edits acknowledged before a kill', 'events', held),
        row('acknowledged edits lost by a kill', 'events', lost),
      ]);
    } finally {
      await relay.close();
    }
  },
});
