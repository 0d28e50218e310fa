import type { ServerResponse } from 'node:http';
import type { Stop, Timers } from '@weft/core';
import { STREAM_PULSE_MS, STREAM_STALL_MS } from './service-limits.ts';

/** Server-sent events (HTML Living Standard, 9.2) to one reader, at the reader's pace. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #timers: Timers;
  #number = 0;
  #stopPulse: Stop;
  #end: () => void = () => undefined;
  /** Resolves when the reader has gone, or was given up. */
  readonly ended: Promise<void>;

  constructor(response: ServerResponse, timers: Timers) {
    this.#response = response;
    this.#timers = timers;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // nginx would wait for a whole buffer.
      'x-accel-buffering': 'no',
    });
    response.once('close', () => this.close());
    this.#stopPulse = timers.after(STREAM_PULSE_MS, this.#pulse);
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** Resolves once there is room for the next one; a reader that takes nothing for a minute is given up. */
  async send(name: string, data: unknown): Promise<void> {
    if (!this.isOpen) return;
    this.#number += 1;
    if (this.#response.write(`id: ${this.#number}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`))
      return;
    await new Promise<void>((resolve) => {
      const stop = this.#timers.after(STREAM_STALL_MS, () => this.#response.destroy());
      const go = () => {
        stop();
        resolve();
      };
      this.#response.once('drain', go);
      this.#response.once('close', go);
    });
  }

  close(): void {
    this.#stopPulse();
    if (this.isOpen) this.#response.end();
    this.#end();
  }

  readonly #pulse = (): void => {
    if (this.isOpen && !this.#response.writableNeedDrain) this.#response.write(': here\n\n');
    this.#stopPulse = this.#timers.after(STREAM_PULSE_MS, this.#pulse);
  };
}
