import { unreachable } from '@weft/core';
import { MAX_PEER_DEVICES, type RelayTransport } from '@weft/protocol';
import type { Lane } from '../lane/lane.ts';
import type { LaneProgress, LaneStatus } from '../lane-status.ts';
import type { Discovery } from '../negotiation/discovery.ts';
import type { PeerStatus } from './peer-side.ts';

const ALONE = 'Edits travel with the room alone, in seconds instead of milliseconds';
const CROWDED = `More than ${MAX_PEER_DEVICES} devices are here, too many to tell each other of edits: that takes a relay`;

const NOT_KEEPING = ' It cannot keep edits for now: others see them, and the room has to hold them.';

export interface StatusParts {
  readonly own: Lane | null;
  readonly lanes: readonly Lane[];
  readonly discovery: Pick<Discovery, 'state' | 'reason' | 'retryAtMs'>;
  /** `null` where edits never go from device to device. */
  readonly peers: PeerStatus | null;
  readonly isClosed: boolean;
}

/** How a channel is doing, in one sentence and in parts. */
export function describe(parts: StatusParts): LaneStatus {
  const { own, lanes, discovery, peers, isClosed } = parts;
  if (isClosed) return status({ stage: 'off', sentence: 'The live lane is closed.' });
  if (own !== null) return onRelay(own, lanes);
  const lane = furthest(lanes);
  const way = lane === null ? withoutRelay(discovery) : towards(lane);
  const { sentence } = way;
  const among = peers === null ? null : amongPeers(peers);
  if (among === null) return status({ ...way, sentence: `${sentence} ${ALONE}.` });
  if (peers?.state === 'crowded') return status({ ...way, sentence: `${sentence} ${among}. ${ALONE}.` });
  return status({ ...way, lane: 'peer', stage: 'live', sentence: `${among}. ${sentence}` });
}

/** How it is without a relay, where it is more than the room alone. */
function amongPeers({ state, here }: PeerStatus): string | null {
  if (state === 'crowded') return CROWDED;
  if (state !== 'live' || here === 0) return null;
  const others = here === 1 ? 'one other device' : `${here} other devices`;
  return `Live with ${others}, by messages through the homeservers, until the room holds what was edited`;
}

function towards(lane: Lane): Way {
  const { transport: relay, progress, retryAtMs } = lane;
  return { stage: lane.state, sentence: sentenceOf(lane), relay, progress, retryAtMs };
}

function onRelay(own: Lane, lanes: readonly Lane[]): LaneStatus {
  const reading = lanes
    .filter((lane) => lane !== own && lane.state === 'live')
    .map(({ transport }) => transport);
  const others = reading.length === 0 ? '' : `, and hears ${reading.map(nameOf).join(' and ')}`;
  const { roundTripMs } = own.clock;
  const way =
    roundTripMs === null
      ? ''
      : ` (${roundTripMs < 10 ? roundTripMs.toFixed(1) : Math.round(roundTripMs)} ms there and back)`;
  return status({
    ...{ lane: 'relay', stage: 'live', relay: own.transport, reading, roundTripMs },
    sentence: `Live on ${nameOf(own.transport)}${way}${others}.${own.isKeeping ? '' : NOT_KEEPING}`,
  });
}

function withoutRelay({ state, reason, retryAtMs }: StatusParts['discovery']): Way {
  switch (state) {
    case 'idle':
    case 'discovering':
    case 'known':
      return { stage: 'discovering', sentence: 'Looking for a relay.' };
    case 'waiting': {
      const why =
        reason === '' ? 'This world has no relay' : `No relay could be looked for (${ended(reason)})`;
      return { stage: 'waiting', sentence: `${why}; it is looked again soon.`, retryAtMs };
    }
    case 'off':
      return { stage: 'off', sentence: 'The live lane is closed.' };
    default:
      return unreachable(state);
  }
}

function sentenceOf(lane: Lane): string {
  const name = nameOf(lane.transport);
  switch (lane.state) {
    case 'idle':
      return `About to ask ${name} for a ticket.`;
    case 'requesting':
      return `Asking ${name} for a ticket, through Matrix.`;
    case 'connecting':
      return `Opening a socket to ${name}.`;
    case 'greeting':
      return `Saying hello to ${name}.`;
    case 'loading':
      return `Loading the world from ${name}${progressText(lane.progress)}.`;
    case 'live':
      return `About to send to ${name}.`;
    case 'waiting':
      return `Not on ${name}: ${whyNot(lane)}; it is tried again by itself.`;
    case 'off':
      return lane.last === 'forbidden'
        ? `Not on ${name}: ${whyNot(lane)}; it is asked again now and then.`
        : `Not on ${name}, and not trying again: ${whyNot(lane)}.`;
    default:
      return unreachable(lane.state);
  }
}

function whyNot({ last, reason }: Lane): string {
  const said = reason === '' ? '' : ` (${ended(reason)})`;
  switch (last) {
    case 'forbidden':
      return `it lets this user not in${said}`;
    case 'replaced':
      return `another window or program goes on under the same name${said}; reload this one to come back`;
    case 'draining':
      return 'it is being restarted';
    case 'silent':
      return 'it answers nothing any more';
    case 'lost':
      return `the connection was lost${said}`;
    case 'refused':
      return `it gives no ticket now${said}`;
    case 'unauthenticated':
      return `the ticket did not hold${said}`;
    case 'overrun':
      return `it was too much${said}`;
    default:
      return reason === '' ? 'it did not come to it' : ended(reason);
  }
}

function progressText(progress: LaneProgress | null): string {
  if (progress === null || progress.totalBytes === 0) return '';
  return `: ${Math.floor((100 * progress.bytes) / progress.totalBytes)} %`;
}

/** The lane that has come closest; those that wait or are given up come last. */
function furthest(lanes: readonly Lane[]): Lane | null {
  let best: Lane | null = null;
  for (const lane of lanes) if (best === null || ORDER[lane.state] > ORDER[best.state]) best = lane;
  return best;
}

const ORDER: Readonly<Record<Lane['state'], number>> = {
  off: 0,
  idle: 1,
  waiting: 2,
  requesting: 3,
  connecting: 4,
  greeting: 5,
  loading: 6,
  live: 7,
};

function nameOf({ url }: RelayTransport): string {
  return url.replace(/^wss?:\/\//, '');
}

/** Without a full stop, which the sentence brings. */
function ended(reason: string): string {
  return reason.replace(/[.\s]+$/, '');
}

type Way = Partial<LaneStatus> & Pick<LaneStatus, 'stage' | 'sentence'>;

function status(parts: Way): LaneStatus {
  return {
    ...{ lane: 'matrix', relay: null, reading: [], progress: null, retryAtMs: null, roundTripMs: null },
    ...parts,
  };
}
