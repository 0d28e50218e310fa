import { badFile } from './bad-file.ts';
import { ByteWriter } from './byte-writer.ts';
import { MAX_BLOB_STRING_BYTES, MAX_BLOB_STRINGS, MAX_INFLATED_SECTION_BYTES } from './limits.ts';
import { SECTION, writeSection } from './section.ts';

const END = '\0';
const encoder = new TextEncoder();
// A byte order mark is a character of the text like any other.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes strings, each ended by NUL (which no value and no name holds), in sections of at most 64 KiB. */
export function writeStrings(writer: ByteWriter, strings: readonly string[]): void {
  let bytes = new ByteWriter();
  const flush = (): void => {
    if (bytes.length > 0) writeSection(writer, SECTION.texts, bytes.take());
    bytes = new ByteWriter();
  };
  for (const string of strings) {
    const encoded = encoder.encode(string + END);
    if (bytes.length + encoded.length > MAX_INFLATED_SECTION_BYTES) flush();
    bytes.bytes(encoded);
  }
  flush();
}

/** The strings of the sections read so far, in the order in which they are wanted. */
export class StringQueue {
  // What was taken is dropped once it is more than what is left, so that adding costs what is added.
  #strings: string[] = [];
  #next = 0;
  #count = 0;
  #bytes = 0;

  get left(): number {
    return this.#strings.length - this.#next;
  }

  /** Takes in a section of strings. */
  add(content: Uint8Array): void {
    this.#bytes += content.length;
    if (this.#bytes > MAX_BLOB_STRING_BYTES)
      throw badFile(`at most ${MAX_BLOB_STRING_BYTES} bytes of strings`, 'more');
    if (content.at(-1) !== 0) throw badFile('strings that end with NUL', 'none, or an open end');
    const added = decode(content.subarray(0, -1)).split(END);
    this.#count += added.length;
    if (this.#count > MAX_BLOB_STRINGS) throw badFile(`at most ${MAX_BLOB_STRINGS} strings`, 'more');
    if (this.#next > this.left) {
      this.#strings = this.#strings.slice(this.#next);
      this.#next = 0;
    }
    for (const string of added) this.#strings.push(string);
  }

  take(count: number): readonly string[] {
    if (count > this.left) throw badFile(`${count} more strings`, `${this.left}`);
    const taken = this.#strings.slice(this.#next, this.#next + count);
    this.#next += count;
    return taken;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw badFile('strings in UTF-8', 'other bytes', cause);
  }
}
