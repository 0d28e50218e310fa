import { HttpError } from '../server/http-reply.ts';

/** There is no room for it, and nothing is taken away to make some. */
export function full(what: string): HttpError {
  return new HttpError(
    507,
    'full',
    `${what}. Have a steward, or whoever published it, take a file away first; the operator can allow more.`,
  );
}

export function badCid(): HttpError {
  return new HttpError(
    400,
    'bad-cid',
    'Expected the CID of a block of raw or dag-pb by its sha2-256, such as bafkrei….',
  );
}
