import { isRecord } from '../event/event-json.ts';
import { canonicalJson } from '../value/canonical.ts';
import { normaliseValue } from '../value/normalise.ts';
import { type FilePolicy, readPolicy, writablePolicy } from './file-policy.ts';

/** What a file says of itself. Nobody vouches for it. */
export interface FileInfo {
  /** The name of the world or of the part of it. */
  readonly title?: string;
  /** When the file was written, in milliseconds since 1970. */
  readonly createdMs?: number;
  /** The room that it was taken from, as text. */
  readonly source?: string;
  /** What the world demanded: a new world that is made from the file has it in force. Other readers leave it. */
  readonly policy?: FilePolicy;
}

const MAX_INFO_CHARACTERS = 1000;

/**
 * @throws WeftError `invalid-value` or `limit` for texts that no register could hold either, `limit` for a policy that is
 *   too large
 */
export function infoJson({ policy, ...texts }: FileInfo): string {
  const said = readTexts(normaliseValue({ ...texts }, 'describe a Weft file'));
  const demanded = writablePolicy(policy ?? {});
  const all = { ...said, ...(isEmpty(demanded) ? {} : { policy: { ...demanded } }) };
  return isEmpty(all) ? '' : canonicalJson(all);
}

/** The members that a file can hold. @throws WeftError `limit` for a policy that is too large */
export function writableInfo({ policy = {}, ...texts }: FileInfo): FileInfo {
  return { ...readTexts(texts), ...policyMember(writablePolicy(policy)) };
}

/** The members that are what they should be; all others are left out. `skipped` is told of parts of the policy. */
export function readInfo(input: unknown, skipped: (name: string, reason: string) => void): FileInfo {
  return isRecord(input) ? { ...readTexts(input), ...policyMember(readPolicy(input.policy, skipped)) } : {};
}

function readTexts(input: unknown): Omit<FileInfo, 'policy'> {
  if (!isRecord(input)) return {};
  const { title, createdMs, source } = input;
  return {
    ...(isShortText(title) ? { title } : {}),
    ...(typeof createdMs === 'number' && Number.isFinite(createdMs) ? { createdMs } : {}),
    ...(isShortText(source) ? { source } : {}),
  };
}

function policyMember(policy: FilePolicy): Pick<FileInfo, 'policy'> {
  return isEmpty(policy) ? {} : { policy };
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}

function isShortText(input: unknown): input is string {
  return typeof input === 'string' && input.length <= MAX_INFO_CHARACTERS && input.isWellFormed();
}
