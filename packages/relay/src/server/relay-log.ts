import { createHmac } from 'node:crypto';
import { pino } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

/** What the operator of a relay reads: fields first, as pino takes them. Told of no token and of nobody's content. */
export interface RelayLog {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export interface RelayLogOptions {
  readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly users: 'hashed' | 'plain';
  /** What hashes are made with: new after each start, so that none can be looked up in a table. */
  readonly salt: Uint8Array;
  /** Takes one line with its end. */
  readonly write: (line: string) => void;
}

/** Fields that name people; of everything else no field may. */
const USER_FIELDS: ReadonlySet<string> = new Set(['user', 'author', 'sender', 'inviter']);
/** Fields that no line holds, whoever writes it. */
const SECRET_FIELDS = [
  'token',
  'ticket',
  'password',
  'nonce',
  'signature',
  'authorization',
  'content',
  'data',
];
const HASH_CHARACTERS = 12;

/** Lines of JSON by pino. */
export function createRelayLog({ level, users, salt, write }: RelayLogOptions): RelayLog {
  const hash = (user: string): string =>
    createHmac('sha256', salt).update(user).digest('base64url').slice(0, HASH_CHARACTERS);
  return pino(
    {
      level,
      base: null,
      redact: { paths: SECRET_FIELDS, remove: true },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => (users === 'plain' ? fields : withoutUsers(fields, hash)),
      },
    },
    { write },
  );
}

function withoutUsers(
  fields: Record<string, unknown>,
  hash: (user: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      USER_FIELDS.has(name) && typeof value === 'string' ? `user:${hash(value)}` : value,
    ]),
  );
}
