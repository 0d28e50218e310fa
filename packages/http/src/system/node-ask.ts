import { Agent, type Dispatcher } from 'undici';
import type { AskOptions, HttpAnswer } from '../http-answer.ts';

/**
 * Asks one address over a dispatcher of undici; a redirect is an answer. Pieces come straight from the parser, and their memory is
 * given back at once where nobody else sees them: streams, promises for each piece and collecting what was copied already cost more
 * than hashing the file.
 *
 * @throws what the connection does; the reason of the signal
 */
export function nodeAsk(
  dispatcher: Dispatcher,
  url: URL,
  { headers = {}, signal }: AskOptions = {},
): Promise<HttpAnswer> {
  const receiver = new Receiver(signal, isPlain(dispatcher));
  if (signal?.aborted === true) return receiver.answer;
  dispatcher.dispatch(
    {
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      // Packed answers are not unpacked, so that a small one cannot become a large one.
      headers: { accept: '*/*', 'accept-encoding': 'identity', ...headers },
    },
    receiver,
  );
  return receiver.answer;
}

/** Whether it is an agent as undici has it, by the class of the package or of Node: what intercepts requests may keep what comes, as caches do. */
function isPlain(dispatcher: Dispatcher): boolean {
  const kind: Dispatcher = Object.getPrototypeOf(dispatcher);
  return kind.constructor.name === Agent.name && dispatcher.dispatch === kind.dispatch;
}

type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** What undici tells of one request. */
class Receiver implements Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpAnswer>;
  readonly #settle = Promise.withResolvers<HttpAnswer>();
  readonly #done = Promise.withResolvers<void>();
  readonly #signal: AbortSignal | undefined;
  #controller: Controller | null = null;
  #ended: { readonly error: unknown } | null = null;
  readonly #frees: boolean;
  #take: (piece: Uint8Array) => void = () => undefined;
  /** Memory of the piece before, of which nothing is needed any more. */
  #spent: ArrayBufferLike | null = null;

  constructor(signal: AbortSignal | undefined, frees: boolean) {
    this.answer = this.#settle.promise;
    this.#signal = signal;
    this.#frees = frees;
    // Who never lets the body come hears nothing of it.
    this.#done.promise.catch(() => undefined);
    if (signal?.aborted === true) this.#cancelled();
    else signal?.addEventListener('abort', this.#cancelled, { once: true });
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#ended !== null) controller.abort(errorOf(this.#ended.error));
  }

  onResponseStart(controller: Controller, status: number, headers: Headers): void {
    // What comes before the answer.
    if (status < 200) return;
    controller.pause();
    this.#settle.resolve({
      status,
      type: one(headers['content-type']),
      packing: packingOf(one(headers['content-encoding'])),
      totalBytes: lengthOf(one(headers['content-length'])),
      location: one(headers.location),
      receive: (take) => {
        this.#take = take;
        controller.resume();
        return this.#done.promise;
      },
      cancel: () => this.#end(new Error('nobody wants it any more')),
    });
  }

  onResponseData(_controller: Controller, piece: Uint8Array): void {
    this.#take(piece);
    if (this.#frees) this.#free(piece);
  }

  /** A piece goes when the next one comes: until then the parser may look at it. */
  #free({ buffer, byteLength }: Uint8Array): void {
    if (this.#spent instanceof ArrayBuffer && this.#spent !== buffer) this.#spent.transfer(0);
    // Else there is more in it than this piece.
    this.#spent = byteLength === buffer.byteLength ? buffer : null;
  }

  onResponseEnd(): void {
    this.#forget();
    this.#done.resolve();
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#end(error);
  }

  readonly #cancelled = (): void => this.#end(this.#signal?.reason);

  #end(error: unknown): void {
    this.#forget();
    this.#ended = { error };
    this.#settle.reject(error);
    this.#done.reject(error);
    this.#controller?.abort(errorOf(error));
  }

  #forget(): void {
    this.#signal?.removeEventListener('abort', this.#cancelled);
    this.#take = () => undefined;
  }
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error('it was cancelled', { cause: error });
}

function one(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

function lengthOf(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function packingOf(encoding: string | null): string | null {
  return encoding === 'identity' ? null : encoding;
}
