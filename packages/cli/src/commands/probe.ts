import { defineCommand } from '../command.ts';
import { EXIT, UsageError } from '../failure.ts';
import { required } from '../options.ts';
import { columns } from '../output.ts';
import type { RelayProbe } from '../probe/probe-relay.ts';

export const probe = defineCommand({
  name: 'probe',
  summary: 'ask a relay whether it works, and how far away it is',
  description:
    'Asks a relay what it is and whether it is ready, opens a WebSocket as a client would, measures ten round trips, and says what would keep people out: another address than the one it signs, a proxy that passes no upgrades on, a journal that takes nothing, a homeserver that is away. Needs no account. 0 where people can come in, 1 where they cannot.',
  examples: [
    { command: 'probe ws://localhost:8095', does: 'Ask the relay of the local stack' },
    { command: 'probe wss://relay.example.org --json', does: 'Ask another one, for a program' },
  ],
  args: { url: required('the base address of the relay, such as wss://relay.example.org') },
  options: {},
  async run({ args, output }) {
    const url = relayUrl(args.url);
    const { probeRelay } = await import('../probe/probe-relay.ts');
    const found = await probeRelay(url);
    const ok = found.about !== null && found.ready && found.socket !== null;
    output.result({ ok, ...jsonOf(found) }, report(found));
    return ok ? EXIT.ok : EXIT.failed;
  },
});

/** As people write it: a page's address, or none of a scheme at all, mean the relay beside it. */
function relayUrl(text: string): string {
  const url = text.includes('://') ? text.replace(/^http/, 'ws') : `wss://${text}`;
  if (URL.canParse(url) && /^wss?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '');
  throw new UsageError(
    `A relay has an address such as wss://relay.example.org, not ${JSON.stringify(text)}.`,
  );
}

function jsonOf({ url, about, ready, checks, socket, problems }: RelayProbe) {
  return {
    url,
    about: about === null ? null : { ...about },
    ready,
    checks: checks.map((check) => ({ ...check })),
    socket: socket === null ? null : { ...socket, medianMs: medianOf(socket.roundTripMs) },
    problems,
  };
}

function report({ url, about, ready, checks, socket, problems }: RelayProbe): string {
  const rows: (readonly string[])[] = [];
  if (about !== null) {
    rows.push(['relay', `${about.userId}, lane version ${about.laneVersion}, guests ${about.guests}`]);
    rows.push(['ready', ready ? 'yes' : 'no']);
  }
  for (const { name, ok, detail } of checks) rows.push([`  ${name}`, `${ok ? '✓' : '✗'} ${detail}`]);
  if (socket !== null) {
    const [least = 0] = socket.roundTripMs;
    const most = socket.roundTripMs.at(-1) ?? 0;
    rows.push(['socket', `opened in ${ms(socket.openMs)}`]);
    rows.push(['round trip', `${ms(medianOf(socket.roundTripMs))} (${ms(least)} to ${ms(most)})`]);
  }
  return [url, columns(rows), ...problems.map((problem) => `✗ ${problem}`)]
    .filter((part) => part !== '')
    .join('\n');
}

function medianOf(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
