import type { AssetRef } from '@weft/assets';
import { isRecord } from '../../record/process-report.ts';

/** What one client process does. */
export type Job =
  /** Opens a world and loads every model in it, with what a directory keeps. */
  | ({
      readonly kind: 'world';
      readonly room: string;
      readonly files: number;
      readonly directory: string;
    } & Login)
  /** Loads one file with verification and without, so many turns each. */
  | ({
      readonly kind: 'file';
      readonly ref: AssetRef;
      readonly turns: number;
    } & Login)
  /** Loads one file for so many at once. */
  | ({ readonly kind: 'crowd'; readonly ref: AssetRef; readonly times: number } & Login);

interface Login {
  readonly homeserver: string;
  readonly token: string;
}

export function isJob(value: unknown): value is Job {
  return isRecord(value) && ['world', 'file', 'crowd'].some((kind) => kind === value.kind);
}
