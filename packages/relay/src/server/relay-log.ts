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
/** User ids wherever they stand in a line, messages and stacks included; not what stands in a path, as packages do. */
const USER_IDS = /(?<![\w/])@[^\s:"'\\@]{1,255}:[A-Za-z0-9.[\]:-]*[A-Za-z0-9\]]/g;
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
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line) => write(users === 'plain' ? line : line.replace(USER_IDS, (user) => `@${hash(user)}`)),
    },
  );
}
