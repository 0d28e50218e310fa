import { type ObjectId, parseUserId, type RandomBytes, type Timers } from '@weft/core';
import type { MakeLanePart } from '../lane/lane-part.ts';
import type { RelayLog } from '../server/relay-log.ts';
import { ScratchClient } from './scratch-client.ts';
import { SCRATCH_ROOM, ScratchRelay } from './scratch-relay.ts';

/** By then what an edit runs through is compiled. */
export const MAX_WARM_UP_EDITS = 3000;

/** So many that nothing is compiled for one of them alone. */
const RELAYS = 2;
const USERS = ['@one:warm-up', '@two:warm-up'].map(parseUserId);
/** One of so many edits comes with a question for the relay's clock. */
const CLOCK_EVERY = 16;

export interface WarmUpOptions {
  /** How long it may take, in milliseconds; 0 for not at all. */
  readonly maxMs: number;
  /** How many edits it makes at most. Default: 3,000. */
  readonly maxEdits?: number;
  /** Asked before each round of edits: it ends as soon as this is false. Default: always needed. */
  readonly isNeeded?: () => boolean;
  /** What lives in rooms beside their graph. Default: nothing. */
  readonly parts?: readonly MakeLanePart[];
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly log: RelayLog;
}

/**
 * Has clients change things in worlds in memory, over sockets of this machine at paths that nobody can guess, so that what
 * an edit runs through is compiled before anybody makes one. Nothing of it is left afterwards.
 *
 * @returns how many edits were made
 */
export async function warmUp(options: WarmUpOptions): Promise<number> {
  const { maxMs, maxEdits = MAX_WARM_UP_EDITS, isNeeded = () => true, parts = [] } = options;
  const { timers, random, log } = options;
  if (maxMs === 0 || !isNeeded()) return 0;
  const relays: ScratchRelay[] = [];
  const clients: ScratchClient[] = [];
  const late = Promise.withResolvers<void>();
  const stop = timers.after(maxMs, () => late.resolve());
  let edits = 0;
  const enter = async ({ url, world }: ScratchRelay): Promise<Pair> => {
    const pair = USERS.map((user) => new ScratchClient(url, user, { now: timers.now, random }));
    clients.push(...pair);
    await Promise.all(pair.map((client) => client.enter(SCRATCH_ROOM)));
    return { ids: world.ids, clients: pair };
  };
  const work = async (): Promise<void> => {
    const pairs = await Promise.all(relays.map(enter));
    for (let turn = 0; edits < maxEdits && isNeeded(); turn += 1) {
      const some = pairs.slice(0, maxEdits - edits);
      await Promise.all(some.map((pair) => editOnce(pair, turn)));
      edits += some.length;
    }
  };
  try {
    while (relays.length < RELAYS) relays.push(await ScratchRelay.open({ parts, timers, random }));
    await Promise.race([work(), late.promise]);
    log.debug({ edits }, 'warmed up');
  } catch (error) {
    log.warn({ err: error }, 'could not warm up: the first edits take longer');
  } finally {
    stop();
    for (const client of clients) client.leave();
    await Promise.all(relays.map((relay) => relay.close()));
  }
  return edits;
}

/** Two clients in one world, and what is there. */
interface Pair {
  readonly ids: readonly ObjectId[];
  readonly clients: readonly ScratchClient[];
}

/** One of them says something; resolves when the other was told. */
async function editOnce({ ids, clients }: Pair, turn: number): Promise<void> {
  const id = ids[turn % ids.length];
  const [writer, reader] = [clients[turn % 2], clients[(turn + 1) % 2]];
  if (id === undefined || writer === undefined || reader === undefined) return;
  if (turn % CLOCK_EVERY === 0) writer.askForClock();
  const told = reader.told();
  writer.edit(id, turn);
  await told;
}
