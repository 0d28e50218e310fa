import type { LoadReport } from '../../peers/jobs.ts';
import { load, withServer } from '../../peers/run-system.ts';
import { sceneRecords } from '../../peers/scene.ts';
import { chosenSystems, installPeers } from '../../peers/systems.ts';
import type { Measurement } from '../../record/result.ts';
import { summarise } from '../../statistics/summary.ts';
import { type Workload, type WorkloadContext, wholeNumbers } from '../../workload.ts';

/** Coming into a scene that somebody else holds, beside other systems. */
export const coldJoin: Workload = {
  name: 'cold-join',
  summary: 'from connecting to a server until the whole scene can be read, beside other systems',
  options: [
    { name: 'sizes', value: 'N,N', default: '10000,100000', help: 'objects in the scene' },
    { name: 'reps', value: 'N', default: '5', help: 'joins that are measured, each in a fresh process' },
    { name: 'systems', value: 'A,B', default: 'weft,floor,y-websocket,colyseus', help: 'or all' },
  ],
  method: [
    'A server process holds the scene; each client comes in a fresh process, which has loaded its modules before the clock starts.',
    'The first join is thrown away: servers make what they send to newcomers when it is first asked for.',
    'join is from the first call of the client’s library until the last object can be read from its graph.',
    'For weft that holds the ticket (over HTTP instead of Matrix), the socket, the signed hello, and the whole world.',
    'Bytes are what the client read from its sockets by then. Compression is off everywhere.',
    'floor is one JSON text over ws, parsed and put into a map.',
  ],
  run: measureColdJoin,
};

const ONE_CLIENT = { clients: 1, edits: 0, rate: 1, frameBytes: 0, stallMs: 0 };

async function measureColdJoin(context: WorkloadContext): Promise<readonly Measurement[]> {
  const sizes = wholeNumbers(context, 'sizes', { min: 1, max: 200_000 });
  const [repetitions = 1] = wholeNumbers(context, 'reps', { min: 1, max: 100 });
  const systems = chosenSystems(context);
  await installPeers(context);
  const measurements: Measurement[] = [];
  for (const objects of sizes) {
    const records = sceneRecords(context.seed, objects);
    for (const system of systems) {
      const reports = await withServer(
        { system, setting: 'default', records, signal: context.signal },
        async (server) => {
          const all: LoadReport[] = [];
          for (let at = 0; at <= repetitions; at += 1) {
            context.signal.throwIfAborted();
            all.push(await load(server, ONE_CLIENT));
          }
          return all.slice(1);
        },
      );
      const joinMs = reports.flatMap((report) => report.joinMs);
      const bytes = reports.flatMap((report) => report.joinBytes.map((read) => read / objects));
      context.progress(`${objects} objects: ${system.name} ${Math.min(...joinMs).toFixed(0)} ms at best`);
      const common = { system: system.name, parameters: { objects } };
      measurements.push(
        { ...common, metric: 'join', unit: 'ms', ...summarise(joinMs), samples: joinMs },
        { ...common, metric: 'read', unit: 'bytes an object', ...summarise(bytes), samples: bytes },
      );
    }
  }
  return measurements;
}
