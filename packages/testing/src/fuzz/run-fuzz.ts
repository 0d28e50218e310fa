import { SeededRandom } from '../random/seeded-random.ts';
import { AttackedRoom } from './attacked-room.ts';
import { checkReadsBack, decodeBothWays } from './decode-both-ways.ts';
import { FrameInputs } from './frame-inputs.ts';
import { MAX_CALL_MS, Tally } from './tally.ts';
import { threadCpuMs } from './thread-cpu.ts';

/** Whatever is compiled later would count as somebody's cost. */
const WARM_UP_ROUNDS = 200;
/** A room that has seen more is left for a fresh one: what it holds has its own cost. */
const INPUTS_A_ROOM = 5_000;
const INPUTS_A_TURN = 50;
/** A collection may fall into a call, so one that seems slow is asked again. */
const REPETITIONS = 3;

export interface FuzzOptions {
  readonly frames: number;
  readonly seed: string;
  /** The number of the first input. Default: 0 */
  readonly from?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (tally: Tally) => void;
}

/** Sends damaged, random and oversize frames to those who read frames, and to a relay's room. */
export async function runFuzz({ frames, seed, from = 0, signal, progress }: FuzzOptions): Promise<Tally> {
  const inputs = new FrameInputs(seed);
  const random = new SeededRandom(seed);
  const openRoom = (): Promise<AttackedRoom> => AttackedRoom.open(random, inputs.greeting);
  const tally = new Tally();
  await warmUp(inputs, openRoom);
  let room = await openRoom();
  for (let number = from; number < from + frames && signal?.aborted !== true; number += 1) {
    const bytes = inputs.bytes(number);
    tally.inputs += 1;
    decode(tally, number, bytes);
    const isIntact = await receive(tally, number, bytes, room, openRoom);
    const isOld = (number - from) % INPUTS_A_ROOM === INPUTS_A_ROOM - 1;
    if (isIntact && !isOld) {
      if (number % INPUTS_A_TURN === 0) await room.turn();
      continue;
    }
    if (isIntact) await room.close();
    tally.left(room.sent);
    room = await openRoom();
    progress?.(tally);
  }
  await room.close();
  tally.left(room.sent);
  return tally;
}

function decode(tally: Tally, number: number, bytes: Uint8Array): void {
  try {
    let codes: readonly (string | null)[] = [];
    const run = (): void => {
      codes = decodeBothWays(bytes);
    };
    let ms = timed(run);
    for (let again = 0; ms > MAX_CALL_MS && again < REPETITIONS; again += 1) ms = Math.min(ms, timed(run));
    tally.took(number, bytes, ms);
    for (const code of codes) {
      if (code === null) tally.read += 1;
      else tally.refused(code);
    }
    if (codes.includes(null)) checkReadsBack(bytes);
  } catch (error) {
    tally.crashed(number, bytes, error);
  }
}

/** @returns whether the room can be used on */
async function receive(
  tally: Tally,
  number: number,
  bytes: Uint8Array,
  room: AttackedRoom,
  openRoom: () => Promise<AttackedRoom>,
): Promise<boolean> {
  try {
    let ms = timed(() => room.receive(bytes));
    for (let again = 0; ms > MAX_CALL_MS && again < REPETITIONS; again += 1) {
      // The same room holds already what it was sent.
      const fresh = await openRoom();
      ms = Math.min(
        ms,
        timed(() => fresh.receive(bytes)),
      );
      await fresh.close();
    }
    tally.received += 1;
    tally.took(number, bytes, ms);
    return true;
  } catch (error) {
    tally.crashed(number, bytes, error);
    return false;
  }
}

function timed(run: () => void): number {
  const before = threadCpuMs();
  run();
  return threadCpuMs() - before;
}

async function warmUp(inputs: FrameInputs, openRoom: () => Promise<AttackedRoom>): Promise<void> {
  const room = await openRoom();
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    for (const bytes of inputs.whole) {
      decodeBothWays(bytes);
      room.receive(bytes);
    }
  }
  await room.close();
}
