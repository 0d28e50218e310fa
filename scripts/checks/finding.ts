/** One place that breaks a rule. */
export interface Finding {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  /** What is wrong, and what to do instead. */
  readonly message: string;
}

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

export function byPlace(a: Finding, b: Finding): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line;
}
