import { SeededRandom } from '../random/seeded-random.ts';
import {
  DISK_FAULTS,
  type EditKind,
  FAULTS,
  type FaultKind,
  ROOM_STEPS,
  type Script,
  type ScriptLinks,
  type ScriptServer,
  type ScriptUser,
  type Step,
  TARGET_STEPS,
} from './script.ts';

const MAX_SERVERS = 3;
const MAX_USERS = 5;
const STEPS = [6, 36] as const;
const LEVELS = [0, 25, 25, 25, 25, 50] as const;
/** The pauses between two steps: mostly within a burst, sometimes long enough for backoffs and timeouts. */
const PAUSES: readonly (readonly [number, readonly [number, number]])[] = [
  [55, [0, 60]],
  [30, [60, 1500]],
  [13, [1500, 8000]],
  [2, [8000, 60_000]],
];
const EDIT_WEIGHTS: Readonly<Record<EditKind, number>> = {
  create: 22,
  set: 32,
  move: 14,
  delete: 6,
  restore: 4,
  sit: 6,
  own: 3,
  bulk: 2,
  undo: 4,
  redo: 2,
  large: 1,
  keepsake: 4,
};
/** Clocks are mostly right, sometimes minutes off. */
const MAX_CLOCK_ERROR_MS = 9 * 60_000;
const BAD_LINKS_SHARE = 0.4;
const TWISTED_SHARE = 0.3;
/** Users who are another device of an earlier one. */
const DEVICE_SHARE = 0.2;
/** Scripts in which somebody goes on writing on the far side of a split, after they lost the right. */
const BETRAYED_SHARE = 0.3;
/** Scripts in which a media repository loses what was just put there. */
const FORGOTTEN_SHARE = 0.08;

/** Writes the script of a seed: the same for the same seed, always. */
export function writeScript(seed: string): Script {
  const random = new SeededRandom(`script/${seed}`);
  const servers = Array.from({ length: 1 + random.below(MAX_SERVERS) }, () => server(random));
  const users = Array.from({ length: 2 + random.below(MAX_USERS - 1) }, (_, at) =>
    user(random, at, servers.length),
  );
  const isCalm = random.chance(0.35);
  const length = STEPS[0] + random.below(STEPS[1] - STEPS[0]);
  const weights = weightsOf(random, isCalm, servers.length);
  const isTwisted = !isCalm && random.chance(TWISTED_SHARE);
  return {
    seed,
    servers,
    users,
    links: links(random),
    twists: isTwisted
      ? { other: share(random, 2), reset: share(random, 3), drop: share(random, 3) }
      : { other: 0, reset: 0, drop: 0 },
    steps: [
      ...withBetrayal(
        random,
        Array.from({ length }, () => step(random, weights, users.length, servers.length)),
        isCalm ? 1 : servers.length,
        users.length,
      ),
      ...(isCalm ? [] : forgotten(random, users.length, servers.length)),
    ],
  };
}

/** A file that the room points to, and is gone then. */
function forgotten(random: SeededRandom, users: number, servers: number): readonly Step[] {
  if (!random.chance(FORGOTTEN_SHARE)) return [];
  const who = random.below(users);
  const made: Step = random.chance(0.5)
    ? { ...edit(random, 100, users), edit: 'large' }
    : { afterMs: 100, do: 'checkpoint', who };
  return [made, { afterMs: 500 + random.below(8000), do: 'forget-media', server: random.below(servers) }];
}

/** Chance alone seldom has all of it: a split, a ban or a demotion on one side, edits on the other. */
function withBetrayal(
  random: SeededRandom,
  steps: readonly Step[],
  servers: number,
  users: number,
): readonly Step[] {
  if (servers < 2 || !random.chance(BETRAYED_SHARE)) return steps;
  const at = random.below(steps.length);
  const target = random.below(users);
  const pause = () => random.below(400);
  const base = { who: random.below(users), target };
  const edits: Step[] = Array.from({ length: 2 + random.below(6) }, () => edit(random, pause(), users));
  const loss: Step = random.chance(0.5)
    ? { afterMs: pause(), do: random.pick(['kick', 'ban'] as const), ...base }
    : { afterMs: pause(), do: 'level', ...base, level: 0 };
  return [
    ...steps.slice(0, at),
    { afterMs: pause(), do: 'split', sides: 1 + random.below(2 ** servers - 2) },
    loss,
    ...edits,
    { afterMs: random.below(8000), do: 'heal' },
    ...steps.slice(at),
  ];
}

function edit(random: SeededRandom, afterMs: number, users: number): Extract<Step, { readonly do: 'edit' }> {
  const kind = weighted(random, Object.entries(EDIT_WEIGHTS) as [EditKind, number][]);
  const [who, pick, to] = [random.below(users), random.below(1000), random.below(1000)];
  return { afterMs, do: 'edit', edit: kind, who, pick, to };
}

function server(random: SeededRandom): ScriptServer {
  return {
    offsetMs: clockError(random),
    stateAfter: random.chance(0.7),
    limited: random.chance(0.2),
  };
}

function user(random: SeededRandom, at: number, servers: number): ScriptUser {
  return {
    server: at === 0 ? 0 : random.below(servers),
    level: at === 0 ? 100 : random.pick(LEVELS),
    skewMs: clockError(random),
    keeps: random.chance(0.6),
    ...(at > 0 && random.chance(DEVICE_SHARE) ? { deviceOf: random.below(at) } : {}),
  };
}

function clockError(random: SeededRandom): number {
  return random.chance(0.75) ? 0 : random.below(2 * MAX_CLOCK_ERROR_MS) - MAX_CLOCK_ERROR_MS;
}

function links(random: SeededRandom): ScriptLinks {
  const isBad = random.chance(BAD_LINKS_SHARE);
  const low = random.below(30);
  return {
    delayMs: [low, low + random.below(isBad ? 2000 : 80)],
    loss: isBad ? share(random, 4) : 0,
    duplication: isBad ? share(random, 4) : 0,
    reordering: isBad ? share(random, 2) : 0,
    clientDelayMs: [1, 2 + random.below(isBad ? 800 : 60)],
  };
}

/** Up to one in so many, in hundredths. */
function share(random: SeededRandom, oneIn: number): number {
  return random.below(Math.ceil(100 / oneIn)) / 100;
}

type Weights = Readonly<Partial<Record<Step['do'], number>>>;

function weightsOf(random: SeededRandom, isCalm: boolean, servers: number): Weights {
  const sometimes = (weight: number): number => (random.chance(0.6) ? weight : 0);
  const network = {
    offline: sometimes(3),
    online: 4,
    mute: sometimes(2),
    unmute: 3,
    fault: sometimes(5),
    disk: sometimes(3),
    'disk-full': sometimes(2),
    'disk-free': 2,
    checkpoint: sometimes(2),
    'step-client': sometimes(1),
    'step-server': sometimes(1),
    down: sometimes(2),
    up: 2,
    ...(servers > 1 ? { split: sometimes(4), cut: sometimes(2), heal: 4 } : {}),
  };
  const calm = { edit: 60, rule: sometimes(2), hand: sometimes(1), wait: 8, ...network };
  if (isCalm) return calm;
  return {
    ...calm,
    open: 8,
    close: sometimes(2),
    crash: sometimes(5),
    leave: sometimes(1),
    kick: sometimes(1),
    ban: sometimes(2),
    unban: 1,
    invite: 2,
    level: sometimes(4),
    redact: sometimes(2),
    empty: sometimes(2),
    'forget-media': sometimes(2),
  };
}

function step(random: SeededRandom, weights: Weights, users: number, servers: number): Step {
  const kind = weighted(random, Object.entries(weights) as [Step['do'], number][]);
  const [low, high] = weighted(
    random,
    PAUSES.map(([weight, range]) => [range, weight] as const),
  );
  const afterMs = low + random.below(high - low);
  const who = random.below(users);
  switch (kind) {
    case 'edit':
      return edit(random, afterMs, users);
    case 'disk':
      return { afterMs, do: kind, who, fault: random.pick(DISK_FAULTS) };
    case 'level':
      return { afterMs, do: kind, who, target: random.below(users), level: random.pick(LEVELS) };
    case 'fault':
      return {
        afterMs,
        do: kind,
        who,
        fault: random.pick<FaultKind>(FAULTS),
        times: 1 + random.below(4),
      };
    case 'split':
      return { afterMs, do: kind, sides: 1 + random.below(2 ** servers - 2) };
    case 'cut':
      return { afterMs, do: kind, from: random.below(servers), to: random.below(servers) };
    case 'heal':
    case 'wait':
      return { afterMs, do: kind };
    case 'down':
    case 'up':
    case 'forget-media':
      return { afterMs, do: kind, server: random.below(servers) };
    case 'step-server':
      return { afterMs, do: kind, server: random.below(servers), byMs: stepOf(random) };
    case 'step-client':
      return { afterMs, do: kind, who, byMs: stepOf(random) };
    default:
      break;
  }
  if (isOneOf(TARGET_STEPS, kind)) return { afterMs, do: kind, who, target: random.below(users) };
  if (isOneOf(ROOM_STEPS, kind)) return { afterMs, do: kind, who, pick: random.below(1000) };
  return { afterMs, do: kind, who };
}

function stepOf(random: SeededRandom): number {
  return random.below(2 * MAX_CLOCK_ERROR_MS) - MAX_CLOCK_ERROR_MS;
}

function isOneOf<T extends string>(all: readonly T[], one: string): one is T {
  return all.some((known) => known === one);
}

function weighted<T>(random: SeededRandom, choices: readonly (readonly [T, number])[]): T {
  let left = random.float() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  throw new RangeError('nothing to choose from');
}
