import { parseCid } from '@weft/assets/blocks';
import type { CID } from 'multiformats/cid';
import { HttpError } from '../server/http-reply.ts';
import { MAX_PATH_NAMES } from './file-limits.ts';
import { badCid } from './file-refusal.ts';

export type Format = 'raw' | 'car';

/** How much of what a path ends at a CAR holds: its one block, all that it needs itself, or all below it too. */
export type Scope = 'block' | 'entity' | 'all';

/** The first and the last byte of a file that are wanted; negative ones count from its end, `null` is the end. */
export interface EntityBytes {
  readonly from: number;
  readonly to: number | null;
}

/** What somebody asks a trustless gateway for. */
export interface GatewayRequest {
  readonly root: CID;
  /** On the way from the root, decoded; none for the root itself, and always none for a block. */
  readonly names: readonly string[];
  readonly format: Format;
  readonly scope: Scope;
  readonly bytes: EntityBytes | null;
}

const ROUTE = /^\/ipfs\/([^/]+)(?:\/(.*))?$/s;
const RANGE = /^(-?\d{1,15}):(\*|-?\d{1,15})$/;

/** @throws HttpError 400 `bad-cid`, `bad-request`; 406 for what cannot be verified, or is made in no such way here */
export function readGatewayRequest(path: string, search: string, accept = ''): GatewayRequest {
  const [, text = '', rest = ''] = ROUTE.exec(path) ?? [];
  const root = parseCid(text);
  if (root === null) throw badCid();
  const query = new URLSearchParams(search);
  const format = formatOf(query, accept);
  const names = namesIn(rest);
  if (format === 'raw' && names.length > 0)
    throw new HttpError(400, 'bad-request', 'A block has no path below it: ask with ?format=car.');
  const range = query.get('entity-bytes');
  const scope = range === null ? scopeOf(query) : 'entity';
  return { root, names, format, scope, bytes: range === null ? null : bytesOf(range) };
}

/** `?format=` wins over `Accept`. */
function formatOf(query: URLSearchParams, accept: string): Format {
  const asked = query.get('format');
  if (asked === 'raw' || (asked === null && accept.includes('application/vnd.ipld.raw'))) return 'raw';
  const isCar = asked === 'car' || (asked === null && accept.includes('application/vnd.ipld.car'));
  if (!isCar)
    throw notAcceptable('This gateway gives what can be verified: ask with ?format=raw or ?format=car.');
  const isOurs =
    (query.get('car-version') ?? '1') === '1' &&
    (query.get('car-dups') ?? 'n') === 'n' &&
    ['dfs', 'unk', null].includes(query.get('car-order'));
  if (!isOurs) throw notAcceptable('A CAR is of version 1 here, depth first, each block once.');
  return 'car';
}

function namesIn(rest: string): readonly string[] {
  const parts = rest.replace(/\/$/, '').split('/');
  if (parts.length === 1 && parts[0] === '') return [];
  const names = parts.map(decodedOf);
  if (names.length <= MAX_PATH_NAMES && names.every(isName)) return names.filter(isName);
  throw new HttpError(
    400,
    'bad-request',
    `Expected at most ${MAX_PATH_NAMES} names below a CID, percent-encoded, without . and .. among them.`,
  );
}

function decodedOf(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    // A percent sign without two digits.
    return null;
  }
}

function isName(name: string | null): name is string {
  return name !== null && name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}

/** Nothing else: it stands in a header. */
function scopeOf(query: URLSearchParams): Scope {
  const scope = query.get('dag-scope') ?? 'all';
  if (scope === 'block' || scope === 'entity' || scope === 'all') return scope;
  throw new HttpError(400, 'bad-request', 'Expected dag-scope to be block, entity or all.');
}

function bytesOf(range: string): EntityBytes {
  const [, from, to] = RANGE.exec(range) ?? [];
  if (from === undefined || to === undefined)
    throw new HttpError(400, 'bad-request', 'Expected entity-bytes as from:to, such as 0:1023 or -1024:*.');
  return { from: Number(from), to: to === '*' ? null : Number(to) };
}

function notAcceptable(message: string): HttpError {
  return new HttpError(406, 'not-acceptable', message);
}
