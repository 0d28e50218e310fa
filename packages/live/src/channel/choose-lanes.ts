import type { LaneState } from '../negotiation/lane-table.ts';

/** How long a relay that ranks higher has to be live until its clients come back to it. */
export const RETURN_MS = 10_000;
/** How much later a client turns to the next relay of the order while it cannot reach one. */
export const HEAD_START_MS = 1_500;
/** Relays that are tried at once. */
export const MAX_SOUGHT = 3;
/** Relays of others that a client hears beside its own. */
export const MAX_READ = 2;

/** One lane, as the choice sees it. */
export interface LaneView {
  readonly state: LaneState;
  /** Since when it is in that state. */
  readonly sinceMs: number;
  readonly soughtSinceMs: number;
  readonly fellSilent: boolean;
  /** Its relay said that it stops. */
  readonly isDraining: boolean;
}

export interface LaneSituation {
  /** The relays of the world, the one to prefer first. */
  readonly order: readonly string[];
  /** Those that current members send to. */
  readonly published: ReadonlySet<string>;
  readonly lanes: ReadonlyMap<string, LaneView>;
  /** To which this client sends. */
  readonly own: string | null;
  readonly nowMs: number;
}

export interface LaneChoice {
  /** To which this client sends from now on; `null` while none is live. */
  readonly own: string | null;
  /** Which lanes there have to be, at most six. */
  readonly wanted: readonly string[];
  /** When time alone may change the choice. */
  readonly reviewAtMs: number | null;
}

/**
 * Which relays to be on.
 *
 * 1. A client sends to the first of the order that is live; to another one as long as that is live, and the first has not been
 *    live again for ten seconds.
 * 2. While none is live the first is tried; the next too where it has not come up in 1.5 s, or fell silent, or is given up.
 * 3. While it sends to another one, the first is tried all the time.
 * 4. It hears up to two others that members send to, so that members on several relays see the same.
 * 5. A relay that stops is left as soon as another one is live.
 */
export function chooseLanes(situation: LaneSituation): LaneChoice {
  const review = new Review(situation.nowMs);
  const own = chooseOwn(situation, review);
  const { order, published, lanes } = situation;
  const wanted = new Set<string>(own === null ? [] : [own]);
  if (own === null || lanes.get(own)?.isDraining === true)
    for (const relay of sought(situation, review)) wanted.add(relay);
  else {
    const first = order.find((relay) => lanes.get(relay)?.state !== 'off');
    if (first !== undefined) wanted.add(first);
  }
  const read = order.filter((relay) => relay !== own && published.has(relay)).slice(0, MAX_READ);
  for (const relay of read) wanted.add(relay);
  return { own, wanted: [...wanted], reviewAtMs: review.atMs };
}

function chooseOwn({ order, lanes, own, nowMs }: LaneSituation, review: Review): string | null {
  const live = order.filter((relay) => lanes.get(relay)?.state === 'live');
  const staying = live.filter((relay) => lanes.get(relay)?.isDraining === false);
  if (own === null || !staying.includes(own))
    return staying[0] ?? (own !== null && live.includes(own) ? own : null);
  for (const better of staying.slice(0, staying.indexOf(own))) {
    const returnAtMs = (lanes.get(better)?.sinceMs ?? nowMs) + RETURN_MS;
    if (returnAtMs <= nowMs) return better;
    review.at(returnAtMs);
  }
  return own;
}

function sought({ order, lanes, nowMs }: LaneSituation, review: Review): string[] {
  const sought: string[] = [];
  for (const relay of order) {
    const lane = lanes.get(relay);
    if (lane?.state === 'off' || lane?.isDraining === true) continue;
    sought.push(relay);
    if (sought.length === MAX_SOUGHT) break;
    const turnAtMs = (lane?.soughtSinceMs ?? nowMs) + HEAD_START_MS;
    if (lane?.fellSilent === true || turnAtMs <= nowMs) continue;
    review.at(turnAtMs);
    break;
  }
  return sought;
}

/** The earliest of several times. */
class Review {
  atMs: number | null = null;
  readonly #nowMs: number;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  at(ms: number): void {
    // A clock that was set far back must not put it off.
    const soon = Math.min(ms, this.#nowMs + RETURN_MS);
    this.atMs = Math.min(this.atMs ?? soon, soon);
  }
}
