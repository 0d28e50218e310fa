/** What `doctor` found out about one part. */
export interface Finding {
  readonly part: string;
  /** `missing` is what the local stack needs and has not; `optional` is fine to go without. */
  readonly state: 'ok' | 'optional' | 'missing';
  readonly detail: string;
  /** What to do; empty when nothing is. */
  readonly hint: string;
}

export function ok(part: string, detail: string): Finding {
  return { part, state: 'ok', detail, hint: '' };
}
