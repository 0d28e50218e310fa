import { createHash } from 'node:crypto';

/** Where the body of a file starts. */
export const BODY_AT = 44;

/** A whole file around any body, by the page on the format and not by our encoder: its length and hash are right. */
export function sealed(body: Uint8Array): Uint8Array {
  const file = new Uint8Array(BODY_AT + body.length);
  file.set(new TextEncoder().encode('WEFT'));
  file[4] = 1;
  new DataView(file.buffer).setUint32(8, body.length, true);
  file.set(createHash('sha256').update(body).digest(), 12);
  file.set(body, BODY_AT);
  return file;
}

/** One section that is not deflated. */
export function section(kind: number, payload: readonly number[]): number[] {
  return [kind, ...varint(payload.length), ...payload];
}

export function varint(integer: number): number[] {
  const bytes: number[] = [];
  let rest = integer;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}

export function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}
