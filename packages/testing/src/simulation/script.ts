/** What one simulated run consists of: written by a seed, shrunk by hand or machine, kept as JSON. */
export interface Script {
  /** Draws delays, losses, ids and jitter; the steps are drawn already. */
  readonly seed: string;
  readonly servers: readonly ScriptServer[];
  /** The first one made the world. */
  readonly users: readonly ScriptUser[];
  readonly links: ScriptLinks;
  /** How often a state resolution does something else than Matrix says, of each kind, from 0 to 1. */
  readonly twists: { readonly other: number; readonly reset: number; readonly drop: number };
  readonly steps: readonly Step[];
}

export interface ScriptServer {
  /** Its clock minus the true one. */
  readonly offsetMs: number;
  /** Whether its sync tells the state after an update. */
  readonly stateAfter: boolean;
  /** Whether it limits its users as a stock Synapse does. */
  readonly limited: boolean;
}

export interface ScriptUser {
  readonly server: number;
  /** Power level; the first user's is infinite whatever stands here. */
  readonly level: number;
  /** The clock of the user's device minus the true one. */
  readonly skewMs: number;
  /** Whether the device keeps what is written there. */
  readonly keeps: boolean;
  /** An earlier user, whose other device this is; server and level are then that user's. Default: somebody else. */
  readonly deviceOf?: number;
}

/** What is between servers, and between servers and clients. */
export interface ScriptLinks {
  readonly delayMs: readonly [number, number];
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  readonly clientDelayMs: readonly [number, number];
}

export const EDITS = [
  'create',
  'set',
  'move',
  'delete',
  'restore',
  'sit',
  'own',
  'bulk',
  'undo',
  'redo',
  'large',
  'keepsake',
] as const;
export const WHO_STEPS = [
  ...(['open', 'close', 'crash', 'offline', 'online', 'mute', 'unmute'] as const),
  ...(['disk-full', 'disk-free', 'checkpoint'] as const),
] as const;
export const TARGET_STEPS = ['kick', 'ban', 'unban', 'invite'] as const;
export const ROOM_STEPS = ['redact', 'empty', 'hand', 'rule'] as const;
export const FAULTS = ['lost', 'answer-lost', 'limited', 'failed'] as const;

/** What the next write of a device meets. */
export const DISK_FAULTS = ['full', 'failed', 'crash-before', 'crash-after', 'torn'] as const;

export type EditKind = (typeof EDITS)[number];
export type FaultKind = (typeof FAULTS)[number];

/** `who`, `target` and `server` count from 0, modulo how many there are, as do picks. */
export type Step = { readonly afterMs: number } & (
  | {
      readonly do: 'edit';
      readonly edit: EditKind;
      readonly who: number;
      readonly pick: number;
      readonly to: number;
    }
  | { readonly do: (typeof WHO_STEPS)[number]; readonly who: number }
  | { readonly do: 'leave'; readonly who: number }
  | { readonly do: (typeof TARGET_STEPS)[number]; readonly who: number; readonly target: number }
  | { readonly do: 'level'; readonly who: number; readonly target: number; readonly level: number }
  | { readonly do: (typeof ROOM_STEPS)[number]; readonly who: number; readonly pick: number }
  | { readonly do: 'fault'; readonly who: number; readonly fault: FaultKind; readonly times: number }
  | { readonly do: 'disk'; readonly who: number; readonly fault: (typeof DISK_FAULTS)[number] }
  /** A server goes to one side or the other by the bit of its number. */
  | { readonly do: 'split'; readonly sides: number }
  | { readonly do: 'cut'; readonly from: number; readonly to: number }
  | { readonly do: 'heal' }
  | { readonly do: 'down' | 'up'; readonly server: number }
  | { readonly do: 'step-server'; readonly server: number; readonly byMs: number }
  | { readonly do: 'step-client'; readonly who: number; readonly byMs: number }
  | { readonly do: 'forget-media'; readonly server: number }
  | { readonly do: 'wait' }
);

export type StepKind = Step['do'];

const KINDS: ReadonlySet<string> = new Set<StepKind>([
  ...WHO_STEPS,
  ...TARGET_STEPS,
  ...ROOM_STEPS,
  ...(['edit', 'leave', 'level', 'fault', 'split', 'cut', 'heal', 'down', 'up'] as const),
  ...(['step-server', 'step-client', 'forget-media', 'disk', 'wait'] as const),
]);

/**
 * Reads a script that was kept.
 *
 * @throws TypeError where this version does not know what it says
 */
export function readScript(text: string): Script {
  const script = JSON.parse(text) as Partial<Script> | null;
  const isScript =
    typeof script?.seed === 'string' &&
    [script.servers, script.users, script.steps].every(Array.isArray) &&
    typeof script.links === 'object' &&
    typeof script.twists === 'object';
  if (!isScript) throw new TypeError('expected a script with seed, servers, users, links, twists and steps');
  const unknown = script.steps?.find((step) => !KINDS.has(step.do));
  if (unknown !== undefined) throw new TypeError(`expected a known step, got ${JSON.stringify(unknown)}`);
  return script as Script;
}
