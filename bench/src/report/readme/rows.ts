import { nameOfSystem } from '../system-names.ts';
import { assetRows } from './asset-rows.ts';
import { type CitedRun, counted } from './cited-run.ts';
import { crowdRows, poseRows } from './motion-rows.ts';
import type { Row } from './row.ts';

const DURABLE_NOTE: Readonly<Record<number, string>> = {
  500: 'placed at once on a Synapse with stock limits, durable',
  5000: 'imported there',
};
const QUERIES = ['by kind', 'by name', 'by tag', 'by radius'] as const;
const RIVALS = ['floor', 'y-websocket', 'hocuspocus', 'colyseus', 'colyseus, best'] as const;
/** How the page calls what an edit was made in, by its figure; older runs measured young sessions only. */
const SESSIONS: Readonly<Record<string, string>> = {
  'edit seen, p50': '',
  'edit seen, running session, p50': ', in a session that has been running',
};
/** What the page shows of a run of each workload. */
export const ROWS: Readonly<Record<string, (run: CitedRun) => readonly Row[]>> = {
  open: (run) =>
    run.values('objects').map((objects) => ({
      what: `open a world of ${counted(objects)} object events on a local Synapse, graph ready (n = ${run.figure('weft', 'graph ready, from openWorld', { objects }).n})`,
      weft: run.show('weft', 'graph ready, from openWorld', { objects }),
      beside: `the same requests by plain \`fetch\` and \`JSON.parse\` ${run.show('floor', 'whole', { objects })}`,
    })),
  graph: graphRows,
  query: queryRows,
  burst: (run) =>
    run
      .values('objects')
      .filter((objects) => objects in DURABLE_NOTE)
      .map((objects) => ({
        what: `${counted(objects)} objects ${DURABLE_NOTE[objects]} (n = ${run.figure('weft', 'durable', { objects }).n})`,
        weft: `${run.show('weft', 'durable', { objects })}, ${run.show('weft', 'events written', { objects })}`,
        beside: `the bytes alone ${run.show('floor', 'durable', { objects })}${eventsNote(run, objects)}`,
      })),
  lanes: (run) => [
    {
      what: `an edit until another client shows it, by each lane: p50 (n = ${run.figure('relay', 'edit seen, p50').n})`,
      weft: [
        ['over a relay', 'relay'],
        ['from device to device', 'peer'],
        ['by the room alone', 'matrix'],
      ]
        .filter(([, system = '']) => run.find(system, 'edit seen, p50') !== undefined)
        .map(([words, system = '']) => `${words} ${run.show(system, 'edit seen, p50')}`)
        .join(', '),
      beside: `\`ws\` alone ${run.show('floor', 'edit seen, p50')}`,
    },
  ],
  storm: (run) =>
    run.values('clients').flatMap((clients) =>
      Object.entries(SESSIONS)
        .filter(([metric]) => run.find('weft', metric, { clients }) !== undefined)
        .map(([metric, session]) => ({
          what: `an edit over a relay until another client shows it, ${counted(run.values('objects')[0] ?? 0)} objects, ${clients} clients${session}: p50 (n = ${run.figure('weft', metric, { clients }).n})`,
          weft: run.show('weft', metric, { clients }),
          beside: rivals(run, metric, { clients }),
        })),
    ),
  'cold-join': (run) =>
    run.values('objects').flatMap((objects) => [
      {
        what: `coming into ${counted(objects)} objects that a relay holds (n = ${run.figure('weft', 'join', { objects }).n})`,
        weft: `${run.show('weft', 'join', { objects })}, ${run.show('weft', 'read', { objects })}`,
        beside: `${rivals(run, 'join', { objects })}; ${rivals(run, 'read', { objects })}`,
      },
    ]),
  poses: poseRows,
  crowd: crowdRows,
  assets: assetRows,
  'relay-kill': (run) => {
    const back = run.figure('weft', 'clients back');
    const lost = run.figure('weft', 'acknowledged edits lost by a kill');
    const total = lost.samples.reduce((sum, each) => sum + each, 0);
    return [
      {
        what: `a relay killed with −9 mid-burst ${counted(back.n)} times, clients back`,
        weft: `${run.show('weft', 'clients back')}, at most ${run.show('weft', 'clients back', {}, 'max')}; ${counted(total)} acknowledged edits lost`,
        beside: '',
      },
    ];
  },
  join: (run) =>
    run
      .values('edits')
      .filter((edits) => edits >= 10_000)
      .map((edits) => ({
        what: `joining ${counted(run.values('objects')[0] ?? 0)} objects after ${counted(edits)} edits, simulated homeserver (n = ${run.figure('weft', 'state and blobs', { edits }).n})`,
        weft: run.show('weft', 'state and blobs', { edits }),
        beside: `a new room with the same registers ${run.show('fresh room', 'state and blobs', { edits })}`,
      })),
};

function graphRows(run: CitedRun): Row[] {
  const [few = 0, many = 0] = run.values('objects');
  const objects = many;
  const n = run.figure('weft', 'whole, warm', { objects }).n;
  const heap = run.figure('weft', 'heap', { objects });
  return [
    {
      what: `decode and reduce a blob of ${counted(many)} objects, in a process that did it before (n = ${n})`,
      weft: run.show('weft', 'whole, warm', { objects }),
      beside: `\`JSON.parse\` of the same rows ${run.show('plain JSON', 'JSON.parse, warm', { objects })}`,
    },
    {
      what: `one edit in ${counted(many)} objects, without and with ten rules: p95 (n = ${n} × 2,000)`,
      weft: `${run.show('weft, no rules', 'one edit, p95 of 2000', { objects })} and ${run.show('weft, ten rules', 'one edit, p95 of 2000', { objects })}`,
      beside: '',
    },
    {
      what: `a blob of ${counted(few)} objects`,
      weft: run.show('weft', 'size', { objects: few }),
      beside: `JSON ${run.show('plain JSON', 'size', { objects: few })}, its gzip ${run.show('plain JSON, gzip', 'size', { objects: few })}`,
    },
    {
      what: `heap of ${counted(many)} objects (n = ${heap.n})`,
      weft: `${run.show('weft', 'heap', { objects })}, and ${run.show('weft', 'buffers beside the heap', { objects })} beside it`,
      beside: `plain JSON objects ${run.show('plain JSON', 'heap', { objects })}`,
    },
  ];
}

function queryRows(run: CitedRun): Row[] {
  const p95 = (system: string, objects: number): string =>
    QUERIES.filter((metric) => run.find(system, metric, { objects }) !== undefined)
      .map((metric) => run.show(system, metric, { objects }, 'p95'))
      .join(', ');
  const asked = run
    .values('objects')
    .filter((objects) => run.find('weft', 'by kind', { objects }) !== undefined);
  const followed = run.result.measurements.filter(({ metric }) => metric.startsWith('live delta'));
  const sizes = [...new Set(followed.map(({ parameters }) => Number(parameters.objects)))];
  const slowest = (objects: number): string => {
    const all = followed.filter(({ parameters }) => parameters.objects === objects);
    const [last] = all.toSorted((a, b) => b.p50 - a.p50);
    return last === undefined ? '' : run.show('weft', last.metric, { objects });
  };
  return [
    ...asked.map((objects) => ({
      what: `query ${counted(objects)} objects by kind, name, tag, radius: p95 (n = ${run.figure('weft', 'by kind', { objects }).n})`,
      weft: p95('weft', objects),
      beside: `plain scan ${p95('plain scan', objects)}; mingo, by the first three, ${p95('mingo', objects)}`,
    })),
    {
      what: `live query, a change seen, at most, ${sizes.map(counted).join(' and ')} objects (n = ${followed[0]?.n ?? 0})`,
      weft: sizes.map(slowest).join(', '),
      beside: 'asking again costs what the query costs',
    },
  ];
}

function eventsNote(run: CitedRun, objects: number): string {
  const fifty = { objects: 50 };
  const found = run.find('events', 'durable', fifty);
  if (objects !== 500 || found === undefined) return '';
  return `; one event each: 50 objects take ${run.show('events', 'durable', fifty)} (n = ${found.n})`;
}

function rivals(run: CitedRun, metric: string, parameters: Readonly<Record<string, number>>): string {
  return RIVALS.filter((system) => run.find(system, metric, parameters) !== undefined)
    .map((system) => `${nameOfSystem(system)} ${run.show(system, metric, parameters)}`)
    .join(', ');
}
