import type { LoadReport } from '../../peers/jobs.ts';
import { type LoadOptions, load, withServer } from '../../peers/run-system.ts';
import { sceneRecords } from '../../peers/scene.ts';
import { DEFAULT_SETTING, installPeers, SYSTEMS, type System, systemsOption } from '../../peers/systems.ts';
import { repeated } from '../../record/measured.ts';
import type { Measurement } from '../../record/result.ts';
import { checkOneStall, STALL_MS } from '../../turns/check-stall.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, numbers, repetitions } from '../../workload.ts';

const ONE_CLIENT: LoadOptions = { clients: 1, edits: 0, rate: 1, warmUp: 0, frameBytes: 0, stallMs: 0 };
/** Few enough that a stall outweighs whatever else differs. */
const STALL_OBJECTS = 1000;
/** Of a server and two clients, one after the other; and for each thousand objects more. */
const START_SECONDS = 4;
const THOUSAND_SECONDS = 0.08;

/** Coming into a scene that somebody else holds, beside other systems. */
export const coldJoin = defineWorkload({
  name: 'cold-join',
  summary: 'from connecting to a server until the whole scene can be read, beside other systems',
  options: {
    sizes: numbers('10000,100000', { min: 1, max: 200_000 }, 'objects in the scene'),
    reps: repetitions(5),
    systems: systemsOption(SYSTEMS, 'all'),
  },
  method: [
    'Each repetition has a fresh server process, which holds the scene, and fresh client processes, which have loaded their modules, and let go of what that left behind, before the clock starts.',
    'The first join of each server is thrown away: servers make what they send to newcomers when it is first asked for.',
    'join is from the first call of the client’s library until the last object can be read from its graph.',
    'For weft that holds the ticket (over HTTP instead of Matrix), the socket, the signed hello, and the whole world.',
    'A client of weft has sent one HTTP request to where tickets are given before the clock starts, in place of those by which it logged in and synced; the others have nothing of that kind.',
    'All servers are reached by an address, not by a name.',
    'Bytes are what the client read from its sockets by then. Compression is off everywhere. All systems run as they come.',
    'floor is one JSON text over ws, parsed and put into a map.',
    'The order of systems turns round with each repetition; n counts repetitions.',
    `Self-test: the server of each system stands still for ${STALL_MS} ms as a client comes into ${STALL_OBJECTS} objects; where that does not show, the run is void.`,
  ],
  seconds: ({ sizes, reps, systems }) =>
    sizes
      .map((size) => reps * systems.length * (START_SECONDS + (size / 1000) * THOUSAND_SECONDS))
      .reduce((sum, seconds) => sum + seconds, 2 * systems.length * START_SECONDS),
  async run(context, { sizes, reps, systems }) {
    await installPeers(context);
    const { signal } = context;
    /** The first join of a server counts nowhere; then one with each of these stalls. */
    const play = (system: System, objects: number, stallsMs: readonly number[]): Promise<readonly Join[]> => {
      const records = sceneRecords(context.seed, objects);
      return withServer({ system, setting: DEFAULT_SETTING, records, signal }, async (server) => {
        await load(server, ONE_CLIENT);
        const joins: Join[] = [];
        for (const stallMs of stallsMs) joins.push(joinOf(await load(server, { ...ONE_CLIENT, stallMs })));
        return joins;
      });
    };
    for (const system of systems) {
      context.progress(`a stall of ${system.name}`);
      const joins = await play(system, STALL_OBJECTS, [0, 0, 0, STALL_MS]);
      const ms = joins.map((join) => join.ms);
      checkOneStall(system.name, ms.slice(0, -1), ms.at(-1) ?? 0);
    }
    for (const objects of sizes) {
      const turns = await takeTurns(context, {
        ...{ contestants: systems, repetitions: reps, label: `${objects} objects` },
        measure: (system) => play(system, objects, [0]),
        show: (joins) => joins.map(({ ms }) => `${ms.toFixed(0)} ms`).join(),
      });
      for (const [system, joins] of turns.reports) context.record(rowsOf(system, objects, joins.flat()));
      context.record(foreignRows(turns, { objects }));
    }
  },
});

interface Join {
  readonly ms: number;
  readonly bytes: number;
}

function joinOf({ joinMs: [ms], joinBytes: [bytes] }: LoadReport): Join {
  if (ms === undefined || bytes === undefined) throw new TypeError('a client that did not come');
  return { ms, bytes };
}

function rowsOf(system: string, objects: number, joins: readonly Join[]): Measurement[] {
  const common = { system, parameters: { objects } };
  const bytes = joins.map((join) => join.bytes / objects);
  return [
    repeated({ ...common, metric: 'join', unit: 'ms', samples: joins.map(({ ms }) => ms) }),
    repeated({ ...common, metric: 'read', unit: 'bytes an object', samples: bytes }),
  ];
}
