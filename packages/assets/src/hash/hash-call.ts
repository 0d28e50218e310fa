/** What a thread that hashes is told: pieces of files, by a number for each file. */
export type HashCall =
  | { readonly call: 'update'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly call: 'digest'; readonly id: number }
  | { readonly call: 'drop'; readonly id: number };

/** The hash of a file in hexadecimal. */
export interface HashAnswer {
  readonly id: number;
  readonly sha256: string;
}
