import type { IntakeProblem, Value } from '../../src/index.ts';
import type { PatchJson, RegisterJson, RegistersJson } from './notation.ts';

interface Case {
  readonly name: string;
  readonly why: string;
}

/** Either what is expected, or that it is refused. */
export interface ValueCase extends Case {
  readonly json: string;
  readonly canonical?: string;
  readonly wire?: Value;
  readonly refused?: true;
}

export interface WireValueCase extends Case {
  readonly wire: string;
  readonly canonical?: string;
  readonly refused?: true;
}

export interface NamesCase extends Case {
  readonly of: 'objectId' | 'component' | 'property' | 'actor' | 'userId';
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

export type OrderCase = Case &
  (
    | { readonly of: 'text'; readonly ascending: readonly string[] }
    | { readonly of: 'values'; readonly ascending: readonly Value[] }
    | { readonly of: 'stamps'; readonly ascending: readonly (readonly [number, string])[] }
    | { readonly of: 'registers'; readonly ascending: readonly RegisterJson[] }
  );

export interface JoinCase extends Case {
  readonly patches: readonly PatchJson[];
  readonly joined: PatchJson;
}

export interface QuarantineCase extends Case {
  readonly steps: readonly {
    readonly now: number;
    readonly patch?: PatchJson;
    readonly waiting: number;
    readonly joined: PatchJson;
  }[];
}

export interface EventJson {
  readonly stateKey?: unknown;
  readonly content: unknown;
  readonly sender?: string;
  readonly originServerTs?: number;
  readonly redactedAtMs?: number;
}

export interface ObjectEventCase extends Case {
  readonly event: EventJson;
  readonly patch: PatchJson;
  readonly handWritten: boolean;
  readonly problems: readonly IntakeProblem['path'][];
  readonly extra: Value;
}

export interface EncodingCase extends Case {
  readonly registers: RegistersJson;
  readonly actors: Readonly<Record<string, readonly string[]>>;
  readonly sender?: string;
  readonly extra?: Readonly<Record<string, Value>>;
  readonly purge?: number;
  readonly content?: Value;
  readonly refused?: true;
}

export interface SceneJson {
  readonly children: Readonly<Record<string, readonly string[]>>;
  readonly hidden: Readonly<Record<string, string>>;
  readonly problems: Value;
}

export interface ReductionCase extends Case, SceneJson {
  readonly registers: Readonly<Record<string, RegistersJson>>;
}

export interface DeclaredComponentsCase extends Case {
  /** Contents of `world.weft.component` events by state key. */
  readonly components: Readonly<Record<string, Value>>;
  /** Names in order, and state keys of events that declare nothing. */
  readonly declared: readonly string[];
  readonly ignored: readonly string[];
  readonly registers: Readonly<Record<string, RegistersJson>>;
  /** Object id → paths of what does not fit, or is not there though it has to be. */
  readonly misfits: Readonly<Record<string, readonly string[]>>;
}

export interface SceneHashCase extends Case {
  readonly registers: Readonly<Record<string, RegistersJson>>;
  /** What is hashed, without the line feeds. */
  readonly lines?: readonly string[];
  readonly hash: string;
}

export interface TransformCase extends Case {
  readonly registers: Readonly<Record<string, RegistersJson>>;
  readonly matrices: Readonly<Record<string, readonly number[]>>;
}

/** A file of the folder `golden`, cut or with one byte changed, or a body in hexadecimal without its header. */
export interface BinaryFileCase extends Case {
  readonly file?: string;
  readonly keep?: number;
  /** Which byte, and what it is XORed with. */
  readonly flip?: readonly [number, number];
  readonly body?: string;
  /** The patch, or the file in `golden` that holds it. */
  readonly json?: Value;
  readonly refused?: true;
}

/** A bundle, a personal event or a layer, and what a reader makes of it. */
export interface CarrierCase extends Case {
  readonly type: 'world.weft.bundle' | 'world.weft.personal' | 'world.weft.layer';
  readonly event: {
    readonly stateKey: unknown;
    readonly content: unknown;
    readonly sender: string;
    readonly redactedAtMs?: number;
  };
  readonly patch: PatchJson;
  /** How much was skipped and reported. */
  readonly problems: number;
  readonly blob: Value;
  readonly hash?: string | null;
  readonly covers?: Readonly<Record<string, string>>;
}

export interface SetHashCase extends Case {
  readonly patches: readonly PatchJson[];
  readonly hash: string;
}

interface Vectors<Kind extends string, Each extends Case> {
  readonly kind: Kind;
  readonly description: string;
  readonly cases: readonly Each[];
}

/** One file of vectors. */
export type VectorFile =
  | Vectors<'values', ValueCase>
  | Vectors<'wire-values', WireValueCase>
  | Vectors<'names', NamesCase>
  | Vectors<'orders', OrderCase>
  | Vectors<'joins', JoinCase>
  | Vectors<'quarantine', QuarantineCase>
  | Vectors<'object-events', ObjectEventCase>
  | Vectors<'object-event-encoding', EncodingCase>
  | Vectors<'reductions', ReductionCase>
  | Vectors<'declared-components', DeclaredComponentsCase>
  | Vectors<'scene-hashes', SceneHashCase>
  | Vectors<'transforms', TransformCase>
  | Vectors<'binary-files', BinaryFileCase>
  | Vectors<'carriers', CarrierCase>
  | Vectors<'set-hashes', SetHashCase>;
