import type { AssetRef } from '@weft/assets';
import type { ModelReport, OptimiseOptions, PublishedAsset, PublishProgress } from '@weft/world';
import { UsageError } from './failure.ts';
import { choice, flag, number, text } from './options.ts';
import type { Json, Output } from './output.ts';

/** How a model is made smaller; the same for all commands that publish. */
export const publishOptions = {
  to: text(
    'places',
    'where it is stored: mxc (the homeserver’s media repository), ipfs, or both: mxc,ipfs (default: mxc)',
  ),
  optimise: flag('make a model smaller where nothing that is seen changes; says before and after'),
  meshes: choice(
    ['quantize', 'meshopt', 'plain'],
    'quantize',
    'with --optimise: vertices in fewer bits, compressed for viewers with a meshopt decoder, or as they are',
  ),
  textures: number(
    'pixels',
    { min: 16, max: 8192, whole: true, fallback: 2048 },
    'with --optimise: the longest side of a texture (default: 2048)',
  ),
  despiteErrors: flag('take a model though the validator finds errors in it'),
};

const PLACES = ['mxc', 'ipfs'] as const;

/** The places of `--to`, in the order given. @throws UsageError */
export function placesIn(text: string | undefined): readonly (typeof PLACES)[number][] {
  const named = (text ?? 'mxc').split(',').map((part) => part.trim());
  return named.map((name) => {
    const place = PLACES.find((each) => each === name);
    if (place !== undefined) return place;
    throw new UsageError(
      `--to takes ${PLACES.join(', ')} or both, with a comma, not ${JSON.stringify(name)}.`,
    );
  });
}

export interface OptimiseFlags {
  readonly optimise: boolean;
  readonly meshes: NonNullable<OptimiseOptions['meshes']>;
  readonly textures: number;
}

export function optimiseOf({ optimise, meshes, textures }: OptimiseFlags): OptimiseOptions | false {
  return optimise ? { meshes, maxTextureSide: textures } : false;
}

/** What the validator says, for programs. */
export function reportJson(report: ModelReport | null): Json {
  if (report === null) return null;
  const { isValid, isCutOff, facts, findings } = report;
  return { isValid, isCutOff, facts: { ...facts }, findings: findings.map((finding) => ({ ...finding })) };
}

/** For people: what was saved, what is not right, where it is not. */
export async function notesOf({
  report,
  savings,
  failed,
  notes,
  thumbnail,
}: PublishedAsset): Promise<string[]> {
  const { reportLines } = await import('@weft/assets/publish');
  const saved =
    savings === null
      ? []
      : [
          `${sizeText(savings.beforeBytes)} before, ${sizeText(savings.afterBytes)} optimised. ${savings.why}`,
        ];
  const missed = failed.map(({ to, error }) => `Not in ${to}: ${error.message}`);
  const drawn = thumbnail === null ? [] : [`Its thumbnail: ${thumbnail.src}`];
  return [...(report === null ? [] : reportLines(report)), ...saved, ...missed, ...notes, ...drawn];
}

export function publishedJson({
  kind,
  report,
  bounds,
  savings,
  failed,
  thumbnail,
  ...asset
}: PublishedAsset) {
  return {
    ...{ src: asset.src, alt: asset.alt, sha256: asset.sha256, bytes: asset.bytes, type: asset.type },
    use: kind.use,
    bounds: bounds === null ? null : { min: bounds.min, max: bounds.max },
    savings: savings === null ? null : { ...savings },
    thumbnail: thumbnail === null ? null : referenceJson(thumbnail),
    failed: failed.map(({ to, error }) => ({ to, code: error.code, message: error.message })),
    notes: asset.notes,
    report: reportJson(report),
  };
}

function referenceJson({ src, alt = [], sha256, bytes, type }: AssetRef) {
  return { src, alt, sha256: sha256 ?? null, bytes: bytes ?? null, type: type ?? null };
}

/** One step, as a line for a person. */
function progressText(progress: PublishProgress): string {
  switch (progress.step) {
    case 'validate':
      return '  validating';
    case 'optimise':
      return '  optimising';
    case 'picture':
      return '  drawing a thumbnail';
    case 'store':
      return `  storing ${sizeText(progress.bytes)} in ${progress.to}`;
    case 'sending':
      return `  ${sizeText(progress.sentBytes)} of ${sizeText(progress.bytes)} sent to ${progress.to}`;
    case 'stored':
      return `  stored: ${progress.src}`;
    case 'failed':
      return `  ${progress.to} did not take it`;
  }
}

/** Tells every step, and of what is sent about ten. */
export function publishNotes(output: Output): (progress: PublishProgress) => void {
  const told = new Map<string, number>();
  return (progress) => {
    if (progress.step === 'sending') {
      const tenth = Math.floor((10 * progress.sentBytes) / Math.max(1, progress.bytes));
      if (tenth <= (told.get(progress.to) ?? 0)) return;
      told.set(progress.to, tenth);
    }
    output.note(progressText(progress));
  };
}

const KIB = 1_024;

/** A size as people read it: 1.5 MiB. */
export function sizeText(bytes: number): string {
  if (bytes < KIB) return `${bytes} bytes`;
  const [unit, divisor] = bytes < KIB * KIB ? ['KiB', KIB] : ['MiB', KIB * KIB];
  return `${(bytes / Number(divisor)).toFixed(1)} ${unit}`;
}
