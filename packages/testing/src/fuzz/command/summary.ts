import { MAX_CALL_MS, type Tally } from '../tally.ts';

const SHOWN = [
  ['ack', 'edits that it acknowledged, where their author stayed'],
  ['reject', 'edits that it refused'],
  ['patch-down', 'edits that it told somebody of'],
  ['retract', 'edits that it took back'],
  ['lease-answer', 'leases that it was asked for'],
  ['event-down', 'messages that it handed on'],
  ['welcome', 'sockets that it let in'],
] as const;

/** The result as text. */
export function summary(seed: string, tally: Tally, cpuSeconds: number): string {
  const { inputs, read, received, refusals, sent, crashes, slow, worstMs, worstNumber } = tally;
  const refused = Object.entries(refusals)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]): [number, string] => [count, `readings refused: ${code}`]);
  const rows: [number, string][] = [
    [2 * inputs, 'readings: each input as a client and as a relay'],
    [read, 'readings that found a frame, and found it again when it was written'],
    ...refused,
    [received, "inputs that a relay's room was given"],
    ...SHOWN.map(([type, what]): [number, string] => [sent[type] ?? 0, what]),
  ];
  return [
    `${inputs.toLocaleString('en')} inputs of seed ${seed}, ${crashes} crashes, ${slow} calls over ${MAX_CALL_MS} ms`,
    `worst call ${worstMs.toFixed(2)} ms of processor time (input ${worstNumber}); ${cpuSeconds.toFixed(0)} s of it in all`,
    ...rows.map(([count, what]) => `${count.toLocaleString('en').padStart(15)}  ${what}`),
  ].join('\n');
}
