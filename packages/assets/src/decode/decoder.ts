import type { Stop, Timers } from '@weft/core';
import { AssetError } from '../asset-error.ts';
import type { DecodePart } from '../gltf/unpack-model.ts';
import {
  DECODE_DEADLINE_MS,
  type DecodeAnswer,
  type Decoded,
  type DecodeJob,
  type DecodeRequest,
  MAX_DECODER_BYTES,
  MAX_ENCODED_BYTES,
  MODEL_DECODE_MS,
} from './decode-job.ts';

/** How long a decoder's code may take to arrive. */
export const DECODER_LOAD_MS = 20_000;
/** An idle thread is ended after this, since the memory of its modules never shrinks. */
export const DECODER_IDLE_MS = 10_000;

/** A thread that carries out one job at a time. */
export interface DecodeThread {
  /** @param handOver gone from here once this returns */
  post(request: DecodeRequest, handOver: readonly ArrayBuffer[]): void;
  /** Ends it at once, whatever it is doing. */
  terminate(): void;
}

export interface DecodeListener {
  answered(answer: DecodeAnswer): void;
  /** The thread is gone. */
  ended(why: string): void;
}

export interface DecoderPorts {
  readonly timers: Timers;
  start(listener: DecodeListener): DecodeThread;
}

/** What is left of the time that one model may take to decode. */
interface DecodeAllowance {
  msLeft: number;
}

interface DecodeOptions {
  readonly what: string;
  readonly allowance: DecodeAllowance;
  readonly signal: AbortSignal | undefined;
}

interface Task {
  readonly job: DecodeJob;
  readonly options: DecodeOptions;
  readonly done: (value: Decoded[DecodeJob['kind']]) => void;
  readonly failed: (error: unknown) => void;
}

interface Running extends Task {
  readonly id: number;
  readonly thread: DecodeThread;
  begunAt: number | null;
  stopTimer: Stop;
}

/**
 * Decodes what strangers compressed, in a thread that is killed where it takes too long: one part after another, so that all of
 * it holds at most `MAX_DECODER_BYTES`. The next job finds a new thread.
 */
export class Decoder {
  readonly #ports: DecoderPorts;
  readonly #waiting: Task[] = [];
  #thread: DecodeThread | null = null;
  #running: Running | null = null;
  #stopIdle: Stop = () => {};
  #ids = 0;

  constructor(ports: DecoderPorts) {
    this.#ports = ports;
  }

  /**
   * For the parts of one model, which share the time that a model may take. The buffer of a job’s bytes is handed over, and empty
   * here afterwards.
   *
   * @param what is decoded, as the start of a sentence: "use chair.glb"
   * @returns decodes a part; throws AssetError `too-large`, `too-slow`, `undecodable`, or the signal’s reason
   */
  forModel(what: string, signal?: AbortSignal): DecodePart {
    const allowance = { msLeft: MODEL_DECODE_MS };
    return (job) => this.#decode(job, { what, allowance, signal });
  }

  #decode<Job extends DecodeJob>(job: Job, options: DecodeOptions): Promise<Decoded[Job['kind']]>;
  #decode(job: DecodeJob, options: DecodeOptions): Promise<Decoded[DecodeJob['kind']]> {
    if (job.bytes.length > MAX_ENCODED_BYTES) {
      return Promise.reject(
        new AssetError('too-large', {
          what: options.what,
          expected: `compressed parts of at most ${MAX_ENCODED_BYTES} bytes`,
          got: `${job.bytes.length} bytes`,
          hint: 'Split it into several models.',
        }),
      );
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ job, options, done, failed });
      options.signal?.addEventListener('abort', this.#drop);
      this.#next();
    });
  }

  /** Ends the thread and whatever waits for it. */
  stop(): void {
    this.#stopIdle();
    this.#kill();
    const tasks = [...(this.#running === null ? [] : [this.#running]), ...this.#waiting.splice(0)];
    this.#running?.stopTimer();
    this.#running = null;
    for (const task of tasks) this.#fail(task, 'undecodable', 'a decoder', 'one that was stopped');
  }

  /** Some signal was aborted: whoever it belongs to no longer waits. */
  readonly #drop = (): void => {
    for (const task of this.#waiting.filter(isAborted)) {
      this.#waiting.splice(this.#waiting.indexOf(task), 1);
      this.#settle(task, () => task.failed(task.options.signal?.reason));
    }
    const running = this.#running;
    if (running === null || !isAborted(running)) return;
    this.#kill();
    this.#end(running, () => running.failed(running.options.signal?.reason));
  };

  #next(): void {
    if (this.#running !== null) return;
    const task = this.#waiting.shift();
    if (task === undefined) {
      this.#stopIdle = this.#ports.timers.after(DECODER_IDLE_MS, () => this.#kill());
      return;
    }
    this.#stopIdle();
    if (isAborted(task)) {
      this.#settle(task, () => task.failed(task.options.signal?.reason));
      this.#next();
      return;
    }
    this.#ids += 1;
    const thread = this.#thread ?? this.#start();
    this.#thread = thread;
    const running: Running = { ...task, id: this.#ids, thread, begunAt: null, stopTimer: () => {} };
    this.#running = running;
    running.stopTimer = this.#ports.timers.after(DECODER_LOAD_MS, () =>
      this.#cancel(running, 'the code of its decoder', `none within ${DECODER_LOAD_MS} ms`),
    );
    const { buffer } = task.job.bytes;
    thread.post({ id: running.id, job: task.job }, buffer instanceof ArrayBuffer ? [buffer] : []);
  }

  #start(): DecodeThread {
    const thread = this.#ports.start({
      answered: (answer) => {
        if (this.#thread === thread) this.#answered(answer);
      },
      ended: (why) => {
        if (this.#thread !== thread) return;
        this.#thread = null;
        const running = this.#running;
        if (running === null) return;
        this.#end(running, () =>
          this.#fail(running, 'undecodable', `a part that decodes within ${MAX_DECODER_BYTES} bytes`, why),
        );
      },
    });
    return thread;
  }

  #answered(answer: DecodeAnswer): void {
    const running = this.#running;
    if (running === null || answer.id !== running.id) return;
    switch (answer.state) {
      case 'begun': {
        running.stopTimer();
        running.begunAt = this.#ports.timers.now();
        const most = Math.min(DECODE_DEADLINE_MS, Math.max(0, running.options.allowance.msLeft));
        running.stopTimer = this.#ports.timers.after(most, () =>
          this.#cancel(
            running,
            `parts that decode within ${DECODE_DEADLINE_MS} ms each`,
            'one that takes longer',
          ),
        );
        return;
      }
      case 'done':
        this.#end(running, () => running.done(answer.value));
        return;
      case 'failed':
        if (answer.isBroken) this.#kill();
        this.#end(running, () =>
          this.#fail(running, 'undecodable', answer.failure.expected, answer.failure.got),
        );
        return;
    }
  }

  #cancel(running: Running, expected: string, got: string): void {
    if (this.#running !== running) return;
    this.#kill();
    this.#end(running, () => this.#fail(running, 'too-slow', expected, got));
  }

  #kill(): void {
    const thread = this.#thread;
    this.#thread = null;
    thread?.terminate();
  }

  #end(running: Running, tell: () => void): void {
    running.stopTimer();
    this.#running = null;
    if (running.begunAt !== null) {
      running.options.allowance.msLeft -= this.#ports.timers.now() - running.begunAt;
    }
    this.#settle(running, tell);
    this.#next();
  }

  #settle({ options }: Task, tell: () => void): void {
    const stillAsked = this.#waiting.some((task) => task.options.signal === options.signal);
    if (!stillAsked) options.signal?.removeEventListener('abort', this.#drop);
    tell();
  }

  #fail(task: Task, code: 'too-slow' | 'undecodable', expected: string, got: string): void {
    const { what } = task.options;
    const hint = 'Export it again, without compression or in smaller parts.';
    task.failed(new AssetError(code, { what, expected, got, hint }));
  }
}

function isAborted({ options }: Task): boolean {
  return options.signal?.aborted === true;
}
