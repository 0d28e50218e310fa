import { WebSocket } from 'ws';
import { isRecord } from './is-record.ts';

/** What a relay says of itself at `/v1`. */
export interface RelayAbout {
  readonly url: string;
  readonly userId: string;
  readonly laneVersion: number;
  readonly guests: string;
}

/** What somebody outside can find out about a relay without a ticket. */
export interface RelayProbe {
  /** The base address that was asked. */
  readonly url: string;
  /** `null` where nothing answered that is a relay; `problems` says why. */
  readonly about: RelayAbout | null;
  /** Whether it takes people in, and what of it works. */
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  /** How long a WebSocket took to open, and its pings to come back; `null` where none opened. */
  readonly socket: { readonly openMs: number; readonly roundTripMs: readonly number[] } | null;
  /** What keeps people out, or will; one sentence each. */
  readonly problems: readonly string[];
}

const PINGS = 10;
const DEADLINE_MS = 5000;

/** Asks a relay what it is, whether it is ready, and how far away it is. Never throws for what it finds. */
export async function probeRelay(url: string): Promise<RelayProbe> {
  const http = url.replace(/^ws/, 'http');
  const problems: string[] = [];
  const about = await readAbout(http, problems);
  if (about === null) return { url, about, ready: false, checks: [], socket: null, problems };
  if (about.url !== url)
    problems.push(
      `It calls itself ${about.url}, and clients sign the address that they are told: name that one where the relay is pinned, or set server.publicUrl.`,
    );
  const { ready, checks } = await readReadiness(http, problems);
  const socket = await measureSocket(`${url}/v1/lane`).catch((error: unknown) => {
    problems.push(
      `No WebSocket opens at ${url}/v1/lane: ${messageOf(error)}. A proxy in between has to pass upgrades on.`,
    );
    return null;
  });
  return { url, about, ready, checks, socket, problems };
}

async function readAbout(http: string, problems: string[]): Promise<RelayAbout | null> {
  try {
    const answer = await askJson(`${http}/v1`);
    if (isRecord(answer.body) && answer.body.type === 'world.weft.relay') return aboutOf(answer.body);
    problems.push(`What answers at ${http}/v1 is no relay of Weft (status ${answer.status}).`);
  } catch (error) {
    problems.push(`Nothing answers at ${http}/v1: ${messageOf(error)}.`);
  }
  return null;
}

function aboutOf(body: Readonly<Record<string, unknown>>): RelayAbout {
  return {
    url: String(body.url),
    userId: String(body.user_id),
    laneVersion: Number(body.lane_version),
    guests: String(body.guests),
  };
}

async function readReadiness(
  http: string,
  problems: string[],
): Promise<Pick<RelayProbe, 'ready' | 'checks'>> {
  try {
    const { status, body } = await askJson(`${http}/readyz`);
    const found = isRecord(body) && isRecord(body.checks) ? Object.entries(body.checks) : [];
    const checks = found.map(([name, check]) => ({
      name,
      ok: isRecord(check) && check.ok === true,
      detail: isRecord(check) ? String(check.detail) : '',
    }));
    if (isRecord(body) && body.status === 'draining')
      problems.push('It is about to stop, and takes nobody in.');
    for (const { name, ok, detail } of checks)
      if (!ok) problems.push(`Its ${name} does not work: ${detail}.`);
    return { ready: status === 200, checks };
  } catch (error) {
    problems.push(`${http}/readyz does not answer: ${messageOf(error)}.`);
    return { ready: false, checks: [] };
  }
}

async function askJson(url: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    return { status: response.status, body: null };
  }
}

/** The time of the opening and of some pings, which any relay answers before hello. */
async function measureSocket(url: string): Promise<{ openMs: number; roundTripMs: readonly number[] }> {
  const ws = new WebSocket(url, { handshakeTimeout: DEADLINE_MS, perMessageDeflate: false });
  const deadline = setTimeout(() => ws.terminate(), DEADLINE_MS);
  try {
    const from = performance.now();
    await new Promise<void>((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('error', reject);
    });
    const openMs = performance.now() - from;
    const roundTripMs: number[] = [];
    while (roundTripMs.length < PINGS) roundTripMs.push(await roundTrip(ws));
    return { openMs, roundTripMs: roundTripMs.toSorted((a, b) => a - b) };
  } finally {
    clearTimeout(deadline);
    ws.terminate();
  }
}

function roundTrip(ws: WebSocket): Promise<number> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    ws.once('pong', () => resolve(performance.now() - from));
    ws.once('close', (code: number) => reject(new Error(`it closed with ${code}`)));
    ws.ping();
  });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
