import { describe, expect, test } from 'vitest';
import { repeated } from '../../record/measured.ts';
import type { Measurement, Result } from '../../record/result.ts';
import { CitedRun, shown } from './cited-run.ts';
import { CITED } from './cited-runs.ts';
import { lossSentences } from './losses.ts';
import { withFigures } from './measured-section.ts';
import { ROWS } from './rows.ts';

const PAGE =
  '# Page\n\n<!-- measured: written by `npm run generate` from the runs in bench/results/cited.json -->\nold\n<!-- /measured -->\n\nEnd\n';
const PATH = 'bench/results/2026-01-02-0123456789/storm.json';

const seen = (system: string, samples: readonly number[], clients = 2) =>
  repeated({
    ...{ metric: 'edit seen, p50', system, parameters: { clients, objects: 100 }, unit: 'ms' },
    samples,
  });
const STORM = [
  seen('weft', [2, 2.1, 2, 2.2, 2.1]),
  seen('floor', [1, 1, 1.1, 1, 1]),
  seen('y-websocket', [2, 2, 2.1, 2, 2]),
  seen('colyseus', [20, 21, 20, 22, 20]),
];

function run(measurements: readonly Measurement[], change: object = {}): string {
  const result: Result = {
    format: 'weft-bench/2',
    workload: 'storm',
    command: 'npm run bench -- storm',
    startedAt: '2026-01-02T03:04:05.000Z',
    endedAt: '2026-01-02T03:05:05.000Z',
    interrupted: false,
    seed: '1',
    provenance: { commit: '0123456789abcdef', dirty: false, lockfileSha256: '00' },
    machine: { cpu: 'CPU', cores: 2, memoryBytes: 1, kernel: '', node: '', synapse: '', loadAtStart: 0 },
    method: [],
    parameters: {},
    measurements,
  };
  return JSON.stringify({ ...result, ...change });
}

function written(text: string, cited: object = { storm: PATH.slice('bench/results/'.length) }): string {
  const files = new Map([
    [CITED, JSON.stringify(cited)],
    [PATH, text],
  ]);
  return withFigures(PAGE, (path) => files.get(path));
}

describe('the figures of the first page', () => {
  test('come from the cited run, with their interval and its path, and stay what they are', () => {
    const page = written(run(STORM));
    expect(page).toContain(
      `| an edit over a relay until another client shows it, 100 objects, 2 clients: p50 (n = 5) | 2.1 ms [2.0 ms, 2.2 ms] | \`ws\` alone 1.0 ms [1.0 ms, 1.1 ms], y-websocket 2.0 ms [2.0 ms, 2.1 ms], Colyseus 20 ms [20 ms, 22 ms] | [run](${PATH}) |`,
    );
    expect(page).not.toContain('old');
    expect(page.endsWith('<!-- /measured -->\n\nEnd\n')).toBe(true);
    const files = new Map([
      [PATH, run(STORM)],
      [CITED, JSON.stringify({ storm: PATH.slice('bench/results/'.length) })],
    ]);
    expect(withFigures(page, (path) => files.get(path))).toBe(page);
  });

  test('are refused of a changed tree, a run that was cut short, and one that is not there', () => {
    const provenance = { commit: '0', dirty: true, lockfileSha256: '0' };
    expect(() => written(run(STORM, { provenance }))).toThrow('uncommitted changes');
    expect(() => written(run(STORM, { interrupted: true }))).toThrow('interrupted');
    expect(() => written(run(STORM), { storm: 'none.json' })).toThrow('bench/results/none.json is not there');
    expect(() => written(run(STORM), { dig: 'none.json' })).toThrow('no rows for "dig"');
    expect(() => written('{}')).toThrow('no recorded run');
    expect(() => withFigures('# Page', () => '{}')).toThrow('expected a part');
  });

  test('show what was drawn of the run, where something was', () => {
    const files = new Map([
      [CITED, JSON.stringify({ storm: PATH.slice('bench/results/'.length) })],
      [PATH, run(STORM)],
      [PATH.replace('.json', '.svg'), '<svg/>'],
    ]);
    expect(withFigures(PAGE, (path) => files.get(path))).toContain(
      `![storm](${PATH.replace('.json', '.svg')})`,
    );
    expect(written(run(STORM))).not.toContain('![');
  });

  test('name who keeps up with more, and no other setting of Weft', () => {
    const kept = (system: string, movers: number) =>
      five('largest crowd that keeps up', system, movers, { unit: 'movers' });
    const measurements = [
      kept('weft', 200),
      kept('weft, best', 500),
      kept('colyseus', 400),
      kept('floor', 64),
    ];
    expect(lossSentences([new CitedRun(PATH, run(measurements, { workload: 'poses' }))])).toEqual([
      'The largest crowd that keeps up, at 48 kB a second to each, is 0.5 × Colyseus (n = 5).',
    ]);
  });

  test('name every system that is ahead, unless the intervals overlap', () => {
    expect(lossSentences([new CitedRun(PATH, run(STORM))])).toEqual([
      'An edit over a relay between 2 clients takes 2.1 × `ws` alone (n = 5).',
    ]);
  });

  test('say where it takes longer to prove a hash, and where that cannot be told', () => {
    const longer = (from: string, samples: readonly number[]) =>
      repeated({
        ...{ metric: 'longer by verification', system: 'weft', parameters: { from, MiB: 20 }, unit: '%' },
        samples,
      });
    const measurements = [longer('mxc', [-5, -4, 1, 2, -3]), longer('https', [36, 35, 37, 36, 36])];
    expect(lossSentences([new CitedRun(PATH, run(measurements, { workload: 'assets' }))])).toEqual([
      'To prove the hash of a file of 20 MiB by https from this machine takes 36 % [35 %, 37 %] longer than not to (n = 5).',
    ]);
    expect(shown(-4.84, '%')).toBe('-4.8 %');
  });

  test('count few repetitions against Weft', () => {
    const few = [seen('weft', [2]), seen('y-websocket', [1.9]), seen('floor', [1], 32)];
    expect(lossSentences([new CitedRun(PATH, run(few))])).toEqual([
      'An edit over a relay between 2 clients takes 1.1 × y-websocket (n = 1).',
    ]);
  });
});

const five = (metric: string, system: string, value: number, more: Partial<Measurement> = {}) =>
  repeated({
    ...{ metric, system, parameters: {}, unit: 'ms', ...more },
    samples: [value, value, value, value, value],
  });

const LOADED = ['first', 'second'].flatMap((load) => [
  five('all models', 'weft', load === 'first' ? 900 : 26, { parameters: { load } }),
  five('models', 'weft', 20 * 1024 * 1024, { parameters: { load }, unit: 'bytes' }),
  five('read from the network', 'weft', load === 'first' ? 21e6 : 0, {
    ...{ parameters: { load }, unit: 'bytes' },
  }),
]);

test.each([
  {
    workload: 'lanes',
    measurements: [
      five('edit seen, p50', 'relay', 2),
      five('edit seen, p50', 'peer', 12),
      five('edit seen, p50', 'matrix', 180),
      five('edit seen, p50', 'floor', 0.5),
    ],
    weft: 'over a relay 2.0 ms, from device to device 12 ms, by the room alone 180 ms',
    beside: '`ws` alone 0.50 ms',
  },
  {
    workload: 'poses',
    measurements: [
      five('largest crowd that keeps up', 'weft', 200, { unit: 'movers' }),
      five('may keep up with more', 'ladder of weft', 1, { unit: 'events' }),
      five('largest crowd that keeps up', 'floor', 64, { unit: 'movers' }),
    ],
    weft: '≥ 200 at 48 kB a second to each',
    beside: '`ws` alone 64',
  },
  {
    workload: 'crowd',
    measurements: [
      five('age of the nearest 30, p95', 'weft', 80, {
        parameters: { movers: 1000, place: 'in one square' },
      }),
      five('told, the reader of most', 'weft', 40_000, {
        ...{ parameters: { movers: 1000, place: 'in one square' }, unit: 'bytes a second' },
      }),
    ],
    weft: '80 ms, 40,000 bytes a second to the reader of most',
    beside: '',
  },
  {
    workload: 'assets',
    measurements: LOADED,
    weft: '26 ms, 0 bytes read from any socket',
    beside: 'the first time 900 ms, 20 MiB',
  },
  {
    workload: 'cold-join',
    measurements: [
      five('join', 'weft', 55, { parameters: { objects: 10_000 } }),
      five('read', 'weft', 52, { parameters: { objects: 10_000 }, unit: 'bytes an object' }),
      five('join', 'floor', 58, { parameters: { objects: 10_000 } }),
      five('read', 'floor', 216, { parameters: { objects: 10_000 }, unit: 'bytes an object' }),
    ],
    weft: '55 ms, 52 bytes an object',
    beside: '`ws` alone 58 ms; `ws` alone 216 bytes an object',
  },
  {
    workload: 'relay-kill',
    measurements: [
      five('clients back', 'weft', 1500),
      five('acknowledged edits lost by a kill', 'weft', 0, { unit: 'events' }),
    ],
    weft: '1.5 s, at most 1.5 s; 0 acknowledged edits lost',
    beside: '',
  },
])('$workload has its row', ({ workload, measurements, weft, beside }) => {
  const cited = new CitedRun(PATH, run(measurements, { workload }));
  expect(ROWS[workload]?.(cited)).toEqual([{ what: expect.any(String), weft, beside }]);
});

test('the row of a file names who loads it without a hash, where somebody did', () => {
  const of = { parameters: { from: 'mxc', MiB: 20 } };
  const beside = (measurements: readonly Measurement[]): unknown => {
    const [, row] =
      ROWS.assets?.(new CitedRun(PATH, run([...LOADED, ...measurements], { workload: 'assets' }))) ?? [];
    return row?.beside;
  };
  const both = [
    five('download', 'verified', 43, of),
    five('download', 'unverified', 37, of),
    five('longer by verification', 'weft', 16, { ...of, unit: '%' }),
  ];
  expect(beside(both)).toBe('the same without a hash 37 ms; the hash adds 16 %');
  expect(beside([...both, five('download', 'fetch', 60, of)])).toBe(
    'the same without a hash 37 ms; the hash adds 16 %; by `fetch` alone, without a hash, 60 ms',
  );
});

test.each([
  [0.484, 'ms', '0.48 ms'],
  [1.94, 'ms', '1.9 ms'],
  [24.9, 'ms', '25 ms'],
  [2775.6, 'ms', '2.8 s'],
  [205_246, 'ms', '205 s'],
  [4.93, 'us', '4.9 µs'],
  [167.9, 'us', '0.17 ms'],
  [997_745, 'bytes', '997,745 bytes'],
  [48_388_256, 'bytes', '46 MiB'],
  [1, 'events', '1 event'],
  [37.9, 'bytes an object', '38 bytes an object'],
] as const)('%d %s is shown as %s', (value, unit, text) => {
  expect(shown(value, unit)).toBe(text);
});
