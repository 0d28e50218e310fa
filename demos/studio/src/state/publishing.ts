import type { EndTurn, Turns } from '@weft/assets';
import type { ModelReport, PublishedAsset, PublishProgress } from '@weft/world';
import type { Toasts } from './toasts.ts';
import { turnOf } from './turn-of.ts';

/** What whoever publishes a file is told on the way, and how it is given up. */
export interface Publishing {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PublishProgress) => void;
  readonly onPublished: (published: PublishedAsset) => void;
  /** Says what is being done, where no step of publishing does. @param progress from 0 to 1 */
  readonly say: (doing: string, progress?: number) => void;
  /** Said in the end, once it is an object or several. */
  readonly onAdded: (added: Added) => void;
}

/** What became of a file that was not published as it was. */
export interface Added {
  /** What it is now, as in "house.glb was added: 12 objects". */
  readonly as: string;
  /** What is not as it was in the file, as sentences. */
  readonly notes: readonly string[];
}

const DOING: Readonly<Record<PublishProgress['step'], string>> = {
  validate: 'looking into it',
  optimise: 'making it smaller',
  picture: 'drawing it small',
  store: 'uploading',
  sending: 'uploading',
  stored: 'uploaded',
  failed: 'not uploaded',
};
const WARNINGS_SHOWN = 3;

/**
 * Follows one file from its drop until it is an object: a message says what is being done, or how many wait before it, and can stop it;
 * another tells in the end what it weighs, what was saved, and what is not right with it.
 *
 * @param turns what else is brought in or written takes its turn with it
 * @returns what `work` gives; `null` where it failed or was cancelled, which is told
 */
export async function publishing<T>(
  name: string,
  toasts: Toasts,
  turns: Turns,
  work: (publishing: Publishing) => Promise<T>,
): Promise<T | null> {
  const cancel = new AbortController();
  const working = toasts.working(`${name}: reading`, () => cancel.abort());
  const told: Added[] = [];
  let end: EndTurn = () => undefined;
  try {
    end = await turnOf(turns, cancel.signal, (doing) => working.say(`${name}: ${doing}`), 'reading');
    const done = await work({
      signal: cancel.signal,
      onProgress: (progress) => working.say(`${name}: ${doing(progress)}`, shareOf(progress)),
      onPublished: (published) => void told.push(addedOf(published)),
      say: (words, progress) => working.say(`${name}: ${words}`, progress),
      onAdded: (added) => void told.push(added),
    });
    for (const { as, notes } of told) toasts.done(`${name} was added: ${as}`, notes);
    return done;
  } catch (error) {
    if (cancel.signal.aborted) toasts.info(`${name} was not added`);
    else toasts.error(error);
    return null;
  } finally {
    end();
    working.end();
  }
}

/** Of what goes up in pieces it is known how much of it has gone. */
function doing(progress: PublishProgress): string {
  const words = DOING[progress.step];
  if (progress.step !== 'sending') return words;
  const { sentBytes, bytes } = progress;
  return `${words}, ${Math.floor((100 * sentBytes) / Math.max(1, bytes))} % of ${sizeText(bytes)}`;
}

function shareOf(progress: PublishProgress): number | null {
  return progress.step === 'sending' ? progress.sentBytes / Math.max(1, progress.bytes) : null;
}

function addedOf({ bytes, report, savings, notes }: PublishedAsset): Added {
  const size =
    savings?.isKept === true ? `${sizeText(savings.beforeBytes)}, now ${sizeText(bytes)}` : sizeText(bytes);
  return { as: size, notes: [...(report === null ? [] : warningsOf(report)), ...notes] };
}

function warningsOf({ findings }: ModelReport): string[] {
  return findings
    .filter(({ severity }) => severity === 'warning')
    .slice(0, WARNINGS_SHOWN)
    .map(({ says, advice, count }) => `${says}${count === 1 ? '' : ` (${count} times)`} ${advice}`);
}

const MIB = 1024 * 1024;

/** So many of something: "1 file", "2 files". */
export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A size as people read it: 1.5 MiB. */
export function sizeText(bytes: number): string {
  return bytes < MIB ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`;
}
