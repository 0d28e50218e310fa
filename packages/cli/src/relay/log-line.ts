import { isRecord } from '../probe/is-record.ts';

/** A line of a relay's log, which is JSON, for people: the time, how grave it is, what happened, and the rest of it. */
export function readableLogLine(line: string): string {
  const record: unknown = JSON.parse(line);
  if (!isRecord(record)) return line.trimEnd();
  const { level, time, msg, ...fields } = record;
  const at = typeof time === 'number' ? new Date(time).toISOString().slice(11, 19) : '';
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  const grave = level === 'info' ? '' : `${String(level)}: `;
  return [`${at} ${grave}${String(msg)}`, ...rest].join('  ').trim();
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  // Of an error the message; its stack is in the log as JSON.
  if (isRecord(value) && typeof value.message === 'string') return value.message;
  return JSON.stringify(value);
}
