import type { Box } from '../../gltf/bounds.ts';
import type { GlbInfo } from '../../gltf/check-model.ts';
import { checkGlb } from '../../gltf/glb.ts';
import type { Workshop } from '../../workshop/workshop.ts';
import type { Savings } from '../published-asset.ts';
import type { ModelReport } from '../report/model-report.ts';
import { drawnCorners } from './drawn-corners.ts';
import type { OptimisedModel } from './optimise-model.ts';
import type { OptimiseOptions } from './optimise-options.ts';

/** How far bounds may move, as a part of the model's diagonal: 14 bits of position are 1/16,384 of its longest side. */
export const MAX_BOUNDS_SHIFT = 1 / 2_000;
/** Triangles without an area go; more than this part of them, and something else went too. */
export const MAX_LOST_PART = 0.02;

/** A checked model, and what the validator says of it. */
export interface Examined {
  readonly glb: Uint8Array;
  readonly info: GlbInfo;
  readonly report: ModelReport;
}

export interface Tried {
  readonly best: Examined;
  readonly savings: Savings;
  readonly notes: readonly string[];
}

/** Optimises, and keeps the result only if it is smaller, as valid, and draws the same. @throws AssetError `aborted`; as validating fails */
export async function tryOptimise(
  workshop: Pick<Workshop, 'validate' | 'optimise'>,
  model: Examined,
  how: OptimiseOptions,
  signal: AbortSignal,
): Promise<Tried> {
  const beforeBytes = model.glb.length;
  const kept = (afterBytes: number, why: string): Tried => ({
    best: model,
    savings: { beforeBytes, afterBytes, isKept: false, why },
    notes: [],
  });
  const { extensions } = model.report.facts;
  let optimised: OptimisedModel | null;
  try {
    optimised = await workshop.optimise(model.glb, how, extensions, { signal });
  } catch (error) {
    // The model itself is sound: whoever publishes it gets it as it is.
    if (signal.aborted) throw error;
    return kept(beforeBytes, `Optimising failed: ${error instanceof Error ? error.message : error}`);
  }
  if (optimised === null) {
    return kept(
      beforeBytes,
      `It uses an extension that optimising would lose (one of ${extensions.join(', ')}).`,
    );
  }
  const { glb, notes } = optimised;
  if (glb.length >= beforeBytes) return kept(glb.length, 'It would not be smaller.');
  let info: GlbInfo;
  try {
    info = checkGlb(glb);
  } catch (error) {
    return kept(glb.length, `Viewers would not take it: ${error instanceof Error ? error.message : error}`);
  }
  const report = await workshop.validate(glb, { signal });
  const change = changeOf(model, { glb, info, report });
  if (change !== null) return kept(glb.length, change);
  const savings = {
    beforeBytes,
    afterBytes: glb.length,
    isKept: true,
    why: 'It is smaller and draws the same.',
  };
  return { best: { glb, info, report }, savings, notes };
}

/** What would be seen of it, as a sentence; `null` where nothing would. */
function changeOf(before: Examined, after: Examined): string | null {
  const errors = ({ report }: Examined) =>
    report.findings.filter(({ severity }) => severity === 'error').length;
  if (errors(after) > errors(before)) return 'It would have errors that it does not have now.';
  if (!sameBox(before.info.bounds, after.info.bounds)) return 'Its bounds would move.';
  const [had, has] = [before.report.facts, after.report.facts];
  const [drew, draws] = [drawnCorners(before.glb), drawnCorners(after.glb)];
  if (draws > drew || drew - draws > drew * MAX_LOST_PART) {
    return `It would draw ${draws} corners of triangles instead of ${drew}.`;
  }
  if (has.animations !== had.animations) return 'It would lose animations.';
  return null;
}

function sameBox(one: Box | null, other: Box | null): boolean {
  if (one === null || other === null) return one === other;
  const diagonal = Math.hypot(...one.max.map((high, axis) => high - (one.min[axis] ?? 0)));
  const near = (a: readonly number[], b: readonly number[]) =>
    a.every((value, axis) => Math.abs(value - (b[axis] ?? Number.NaN)) <= diagonal * MAX_BOUNDS_SHIFT);
  return near(one.min, other.min) && near(one.max, other.max);
}
