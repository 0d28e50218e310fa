import { FORBIDDEN_NAMES } from '@weft/core';
import { DocumentError } from '../document-error.ts';
import { MAX_CONTENT_DEPTH, MAX_DOCUMENT_CLOCK } from '../limits.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the pieces of an update and makes nothing of them: what is not there, or too deep, throws. */
export class UpdateReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw malformed('more bytes, got the end');
    return byte;
  }

  /** Seven bits a byte, the lowest first. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw malformed('a safe integer, got a larger one');
      if (byte < 128) return value;
      if (scale > Number.MAX_SAFE_INTEGER / 128) throw malformed('a number of eight bytes, got a longer one');
    }
  }

  /** A number of characters or elements that are there: at least one, and no more than a client can count. */
  length(): number {
    const length = this.number();
    if (length >= 1 && length <= MAX_DOCUMENT_CLOCK) return length;
    throw malformed(`a length from 1 to ${MAX_DOCUMENT_CLOCK}, got ${length}`);
  }

  blob(): Uint8Array {
    const length = this.number();
    if (length > this.#bytes.length - this.#at) throw malformed(`${length} more bytes, got the end`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    const bytes = this.blob();
    return guarded('text in UTF-8', () => UTF8.decode(bytes));
  }

  /** The name of an entry: one that reaches no prototype. */
  name(): string {
    const name = this.text();
    if (!FORBIDDEN_NAMES.has(name)) return name;
    throw malformed(`another name than ${name}`);
  }

  /** A value as JSON text. */
  json(): void {
    const text = this.text();
    checkDepth(
      guarded('JSON', (): unknown => JSON.parse(text)),
      MAX_CONTENT_DEPTH,
    );
  }

  /** A value in the encoding of lib0. */
  any(depth = MAX_CONTENT_DEPTH): void {
    if (depth === 0) throw tooDeep();
    const type = this.byte();
    switch (type) {
      case 116:
        this.blob();
        break;
      case 117:
        for (let left = this.number(); left > 0; left--) this.any(depth - 1);
        break;
      case 118:
        for (let left = this.number(); left > 0; left--) {
          this.name();
          this.any(depth - 1);
        }
        break;
      case 119:
        this.text();
        break;
      case 122:
      case 123:
        this.skip(8);
        break;
      case 124:
        this.skip(4);
        break;
      case 125:
        // Of a signed number only the first byte differs from an unsigned one.
        for (let more = true; more; more = this.byte() >= 0x80);
        break;
      default:
        if (type < 120 || type > 127) throw malformed(`a value, got type ${type}`);
    }
  }

  skip(bytes: number): void {
    for (let left = bytes; left > 0; left--) this.byte();
  }
}

function guarded<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new DocumentError('malformed', `Expected ${what}, got something else`, { cause });
  }
}

function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === 0) throw tooDeep();
  for (const [name, member] of Object.entries(value)) {
    if (FORBIDDEN_NAMES.has(name)) throw malformed(`another name than ${name}`);
    checkDepth(member, depth - 1);
  }
}

function tooDeep(): DocumentError {
  return new DocumentError(
    'limit',
    `Expected at most ${MAX_CONTENT_DEPTH} levels of arrays and records, got more`,
  );
}

export function malformed(expected: string): DocumentError {
  return new DocumentError('malformed', `Expected ${expected}`);
}
