import { canonicalJson } from '@weft/core';

/** What the signature of a hello is about. */
export interface HelloParts {
  readonly ticket: string;
  readonly nonce: string;
  /** The relay's base address, as the ticket names it. */
  readonly url: string;
  readonly room: string;
}

const CONTEXT = 'world.weft.hello/1';

/** The bytes that the session key signs: canonical JSON of `["world.weft.hello/1", ticket, nonce, url, room]`. */
export function helloBytes({ ticket, nonce, url, room }: HelloParts): Uint8Array {
  return new TextEncoder().encode(canonicalJson([CONTEXT, ticket, nonce, url, room]));
}
