import { errorOfAnswer, HomeserverError, type HomeserverErrorCode, type StateContent } from '@weft/matrix';

/** What a homeserver may do to a request, besides answering it. */
export type Fault =
  /** Nothing: the request before those that matter. */
  | { readonly kind: 'none' }
  /** It never arrives. */
  | { readonly kind: 'lost' }
  /** It is carried out, and the answer never arrives. */
  | { readonly kind: 'answer-lost' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly errcode: string;
      readonly retryAfterMs?: number;
    };

/** What goes wrong between one client and its homeserver. */
export class Faults {
  readonly #coming: Fault[] = [];
  /** While true, no request of this user arrives and no sync comes back. */
  offline = false;
  /** While true, requests arrive and nothing comes back: no answer, no sync, and no sign that the connection is lost. */
  mute = false;
  /** For requests that `add` names no fault for. */
  chance: () => Fault | null = () => null;
  /** Whether the server fails on this state for what is in it, after it was charged. */
  poison: (state: StateContent) => Fault | null = () => null;
  /** How long anything takes, one way, in milliseconds. */
  delayMs: () => number = () => 0;

  /** Told of each request when it sets out, and when it has come to its end. */
  asked: (what: string) => void = () => undefined;
  answered: (what: string, error: HomeserverError | null) => void = () => undefined;

  /** Faults to come, in order. */
  add(...faults: readonly Fault[]): void {
    this.#coming.push(...faults);
  }

  /** Nothing is to come any more. */
  clear(): void {
    this.#coming.length = 0;
  }

  take(): Fault | null {
    return this.offline ? { kind: 'lost' } : (this.#coming.shift() ?? this.chance());
  }
}

export function answer(what: string, status: number, errcode: string, message: string): HomeserverError {
  return errorOfAnswer(what, { status, errcode, message, retryAfterMs: null });
}

export function failure(what: string, fault: Fault): HomeserverError {
  if (fault.kind !== 'answer') return unreachable(what);
  return errorOfAnswer(what, {
    status: fault.status,
    errcode: fault.errcode,
    message: 'a fault of the test',
    retryAfterMs: fault.retryAfterMs ?? null,
  });
}

export function unreachable(what: string): HomeserverError {
  const code: HomeserverErrorCode = 'unreachable';
  return new HomeserverError(code, { what, got: 'no answer' });
}
