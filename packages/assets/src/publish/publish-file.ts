import { AssetError } from '../asset-error.ts';
import { MAX_GLB_BYTES } from '../gltf/container.ts';
import { checkGlb } from '../gltf/glb.ts';
import { refuseImage } from '../picture/picture-header.ts';
import type { AssetScheme } from '../reference/address.ts';
import type { AssetRef } from '../reference/asset-ref.ts';
import type { AssetSink } from '../source/asset-source.ts';
import type { Workshop } from '../workshop/workshop.ts';
import { type FileKind, fileKindOf } from './file-kind.ts';
import type { OptimiseOptions } from './optimise/optimise-options.ts';
import { type Examined, tryOptimise } from './optimise/try-optimise.ts';
import { packGltf } from './pack-gltf.ts';
import type { PublishedAsset, PublishProgress } from './published-asset.ts';
import { reportLines } from './report/model-report.ts';
import { storeInAll } from './store-in-all.ts';
import { THUMBNAIL_SIDE } from './thumbnail/limits.ts';

/** What is published at most: larger files are no help to whoever waits for a world. */
export const MAX_PUBLISHED_BYTES = MAX_GLB_BYTES;

export interface Thumbnail {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** Why a file of a kind that is drawn has no thumbnail, as the end of a sentence. */
export interface Undrawn {
  readonly why: string;
}

/** Draws a file small. @returns `null` where it cannot show this kind */
export type DrawThumbnail = (
  bytes: Uint8Array,
  kind: FileKind,
  options: { readonly side: number; readonly signal: AbortSignal },
) => Promise<Thumbnail | Undrawn | null>;

export interface PublishPorts {
  readonly sinks: readonly AssetSink[];
  readonly workshop: Pick<Workshop, 'validate' | 'optimise'>;
  /** Of the whole file, 64 lowercase hexadecimal digits. */
  readonly sha256: (bytes: Uint8Array) => Promise<string>;
  /** Absent where nothing can draw. */
  readonly drawThumbnail?: DrawThumbnail | undefined;
}

export interface PublishOptions {
  /** The file's name, as people see it; what it is, its bytes say. */
  readonly name: string;
  /** Where it is stored; its address in the first one is tried first. Default: `mxc` alone. */
  readonly to?: readonly AssetScheme[];
  /** Makes a model smaller where that changes nothing that is seen; default `false`. */
  readonly optimise?: boolean | OptimiseOptions;
  /** Publishes a model though the validator finds errors in it; default `false`. */
  readonly despiteErrors?: boolean;
  /** Draws a small picture and stores it too; default `false`. */
  readonly thumbnail?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PublishProgress) => void;
}

/**
 * Checks a file, makes it smaller where asked to, stores it in every place asked for, and says how to refer to it. Nothing is
 * stored of what is refused; what is stored in one place and not in another is published, and says so.
 *
 * Cost: a validator run over a model (10 ns a byte), the uploads, and where asked for optimising (20 ns a byte, textures that are
 * shrunk come on top).
 * @throws AssetError `unknown-kind`, `too-large`, `invalid-model`, what `checkGlb` throws, `not-stored` where no place took it,
 *   `unsupported-source` for a place that there is not, `aborted`, `timed-out`
 */
export async function publishFile(
  ports: PublishPorts,
  file: Uint8Array,
  options: PublishOptions,
): Promise<PublishedAsset> {
  const { name, to = ['mxc'], onProgress = () => undefined, signal = new AbortController().signal } = options;
  const what = `publish ${name}`;
  const sinks = sinksFor(ports.sinks, to, what);
  const given = kindOf(file, what);
  const isText = given.type === GLTF_TEXT;
  const packed = isText ? await packGltf(file, name) : file;
  const kind = isText ? (fileKindOf(packed) ?? given) : given;
  const refusal = kind.use === 'picture' ? refuseImage(packed) : null;
  if (refusal !== null) throw undrawn(what, refusal);
  const notes: string[] = [];
  let bytes = packed;
  let model: Examined | null = null;
  let savings: PublishedAsset['savings'] = null;
  if (kind.use === 'model') {
    const info = checkGlb(packed, name);
    onProgress({ step: 'validate' });
    const report = await ports.workshop.validate(packed, { signal });
    model = { glb: packed, info, report };
    if (!report.isValid && options.despiteErrors !== true) throw invalid(what, model);
    if (options.optimise !== undefined && options.optimise !== false) {
      onProgress({ step: 'optimise' });
      const how = options.optimise === true ? {} : options.optimise;
      const tried = await tryOptimise(ports.workshop, model, how, signal);
      ({ best: model, savings } = tried);
      notes.push(...tried.notes);
    }
    bytes = model.glb;
  } else if (options.optimise !== undefined && options.optimise !== false) {
    notes.push(`Only models are optimised; this is a ${kind.label}.`);
  }

  const picture =
    options.thumbnail === true ? await draw(ports, bytes, kind, signal, onProgress, notes) : null;
  const stored = await storeInAll(sinks, bytes, { name, type: kind.type, signal, what, onProgress });
  const { src, alt, failed } = stored;
  const thumbnail =
    picture === null ? null : await storeThumbnail(ports, sinks, picture, options, what, notes);
  return {
    ...{ src, alt, sha256: await ports.sha256(bytes), bytes: bytes.length, type: kind.type, kind },
    ...{ bounds: model?.info.bounds ?? null, report: model?.report ?? null },
    ...{ thumbnail, savings, failed, notes },
  };
}

function sinksFor(
  sinks: readonly AssetSink[],
  to: readonly AssetScheme[],
  what: string,
): readonly AssetSink[] {
  const wanted = [...new Set(to)].map((scheme) => {
    const sink = sinks.find((each) => each.scheme === scheme);
    if (sink !== undefined) return sink;
    throw new AssetError('unsupported-source', {
      what,
      expected: `one of ${sinks.map((each) => each.scheme).join(', ') || 'no place at all'}`,
      got: scheme,
      hint: scheme === 'ipfs' ? 'Open the world with an IPFS client or store.' : 'Name another place.',
    });
  });
  if (wanted.length > 0) return wanted;
  throw new AssetError('unsupported-source', {
    what,
    expected: 'a place to store it',
    got: 'none',
    hint: 'Name mxc, ipfs or both.',
  });
}

/** A document of text is published as the binary file that says the same. */
const GLTF_TEXT = 'model/gltf+json';

function kindOf(file: Uint8Array, what: string): FileKind {
  if (file.length > MAX_PUBLISHED_BYTES) {
    throw new AssetError('too-large', {
      what,
      expected: `at most ${MAX_PUBLISHED_BYTES} bytes`,
      got: `${file.length} bytes`,
      hint: 'Reduce its size, or split it.',
    });
  }
  const kind = fileKindOf(file);
  if (kind === null) {
    throw new AssetError('unknown-kind', {
      what,
      expected:
        'a GLB or glTF model, a PNG, JPEG or WebP picture, an MP3, Ogg, WAV, FLAC or M4A sound, or an MP4 or WebM video',
      got: file.length === 0 ? 'an empty file' : 'bytes of no such file',
      hint: 'What it is called does not matter; convert it to one of these.',
    });
  }
  return kind;
}

/** Nobody would show it, and no thumbnail is drawn of it. */
function undrawn(what: string, why: string): AssetError {
  return new AssetError('unreadable', {
    what,
    expected: 'a picture that is shown',
    got: why,
    hint: 'Save it anew, smaller if need be.',
  });
}

function invalid(what: string, { report }: Examined): AssetError {
  const [worst] = report.findings;
  return new AssetError('invalid-model', {
    what,
    expected: 'a model without errors',
    got: reportLines(report)[0] ?? 'errors',
    hint: `${worst?.advice ?? 'Export it again.'} To publish it as it is, say so with despiteErrors.`,
  });
}

async function draw(
  { drawThumbnail }: PublishPorts,
  bytes: Uint8Array,
  kind: FileKind,
  signal: AbortSignal,
  onProgress: (progress: PublishProgress) => void,
  notes: string[],
): Promise<Thumbnail | null> {
  if (drawThumbnail === undefined) {
    notes.push('There is no thumbnail: nothing here can draw.');
    return null;
  }
  onProgress({ step: 'picture' });
  try {
    const drawn = await drawThumbnail(bytes, kind, { side: THUMBNAIL_SIDE, signal });
    if (drawn !== null && 'bytes' in drawn) return drawn;
    notes.push(`There is no thumbnail: ${drawn?.why ?? `nothing here draws a ${kind.label}.`}`);
    return null;
  } catch (error) {
    if (signal.aborted) throw error;
    notes.push(`There is no thumbnail: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** A file without its thumbnail is published all the same. */
async function storeThumbnail(
  ports: PublishPorts,
  sinks: readonly AssetSink[],
  { bytes, type }: Thumbnail,
  { name, signal = new AbortController().signal }: PublishOptions,
  what: string,
  notes: string[],
): Promise<AssetRef | null> {
  try {
    const { src, alt } = await storeInAll(sinks, bytes, {
      ...{ name: `${name} thumbnail`, type, signal, what },
      onProgress: () => undefined,
    });
    return { src, alt, sha256: await ports.sha256(bytes), bytes: bytes.length, type };
  } catch (error) {
    notes.push(`There is no thumbnail: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
