import { AssetError, type AssetLoading, type AssetRef } from '@weft/assets';
import { expect } from 'vitest';

const MIB = 1024 * 1024;
/** What files of a table may have. */
export const MAX_TRIED_BYTES = MIB;
/** How long loading may take in the table. */
export const TRIED_DEADLINES = { stallMs: 1_000, sourceMs: 3_000, totalMs: 10_000 } as const;
/** Rows share servers, which are not to be left alone for what the row before did. */
export const NOW = { retry: true } as const;

/** What reading without an end may cost a program whose garbage is not collected meanwhile. */
const MAX_GROWTH_MIB = 64;
/** On a machine that does other things too. */
const SLACK_MS = 2_000;
const SAMPLE_EVERY_MS = 20;
const MS_PER_SECOND = 1_000;

/** How loading failed. */
export interface FailedLoad {
  readonly error: AssetError;
  readonly ms: number;
  /** By how much the memory of this process grew at most meanwhile. */
  readonly growthMiB: number;
}

/** What a program is told, how long that takes, and what it costs; fails where a file comes, or past the bounds. */
export async function failedLoad(loader: AssetLoading, ref: AssetRef): Promise<FailedLoad> {
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, SAMPLE_EVERY_MS);
  const start = performance.now();
  const error: unknown = await loader.load(ref, { maxBytes: MAX_TRIED_BYTES, ...NOW }).then(
    ({ from }) => new Error(`it was loaded from ${from}`),
    (reason: unknown) => reason,
  );
  clearInterval(watch);
  const ms = performance.now() - start;
  if (!(error instanceof AssetError)) throw error;
  const growthMiB = (most - before) / MIB;
  expect(ms).toBeLessThan(TRIED_DEADLINES.totalMs + SLACK_MS);
  expect(growthMiB).toBeLessThan(MAX_GROWTH_MIB);
  return { error, ms, growthMiB };
}

/** Fails with each of these in turn. */
export async function failedLoads(
  loader: AssetLoading,
  cases: readonly (readonly [what: string, ref: AssetRef, code: string])[],
): Promise<FailedLoad[]> {
  const failures: FailedLoad[] = [];
  for (const [what, ref, code] of cases) {
    const failed = await failedLoad(loader, ref);
    expect([what, failed.error.code]).toEqual([what, code]);
    failures.push(failed);
  }
  return failures;
}

/** "`missing` after 12 ms". */
export function said(failed: FailedLoad): string {
  return `\`${failed.error.code}\` after ${after(failed)}`;
}

/** "memory grew by 3 MiB". */
export function grew({ growthMiB }: FailedLoad): string {
  return `memory grew by ${growthMiB.toFixed(0)} MiB`;
}

/** "2 × `denied`, 1 × `missing`". */
export function codesOf(failures: readonly FailedLoad[]): string {
  return [...Map.groupBy(failures, ({ error }) => error.code)]
    .map(([code, all]) => `${all.length} × \`${code}\``)
    .join(', ');
}

/** "within 12 ms". */
export function slowest(failures: readonly FailedLoad[]): string {
  return `within ${after(failures.reduce((most, each) => (each.ms > most.ms ? each : most)))}`;
}

function after({ ms }: FailedLoad): string {
  return ms < MS_PER_SECOND ? `${ms.toFixed(0)} ms` : `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}
