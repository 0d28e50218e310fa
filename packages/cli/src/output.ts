import type { Failure } from './failure.ts';

/** Anything with a JSON form. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where a command's words go: results to stdout, everything else to stderr. */
export interface Output {
  /** `true` under `--json`: results are JSON, and notes are silent. */
  readonly json: boolean;
  /** The one result of a command: pretty for people, one JSON document for programs. */
  result(value: Json, human: string): void;
  /** One of many results, as they come: a line for people, a line of JSON for programs. */
  line(value: Json, human: string): void;
  /** Progress and remarks for a person, on stderr. */
  note(words: string): void;
  failure(failure: Failure): void;
}

export interface OutputPorts {
  readonly stdout: (chunk: string) => unknown;
  readonly stderr: (chunk: string) => unknown;
  readonly json: boolean;
}

export function createOutput({ stdout, stderr, json }: OutputPorts): Output {
  return {
    json,
    result(value, human) {
      if (json) stdout(`${JSON.stringify(value, null, 2)}\n`);
      else if (human !== '') stdout(`${human}\n`);
    },
    line(value, human) {
      stdout(`${json ? JSON.stringify(value) : human}\n`);
    },
    note(words) {
      if (!json) stderr(`${words}\n`);
    },
    failure({ code, message, stack }) {
      if (json) stderr(`${JSON.stringify({ error: { code, message } })}\n`);
      else stderr(`${message}\n${stack === null ? '' : `${stack}\n`}`);
    },
  };
}

/** Columns padded to their widest cell, two spaces apart; the last column is left ragged. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
