import type { ModelReport, PublishedAsset, PublishProgress } from '@weft/world';
import type { Toasts } from './toasts.ts';

/** What whoever publishes a file is told on the way, and how it is given up. */
export interface Publishing {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PublishProgress) => void;
  readonly onPublished: (published: PublishedAsset) => void;
}

const DOING: Readonly<Record<PublishProgress['step'], string>> = {
  validate: 'looking into it',
  optimise: 'making it smaller',
  picture: 'drawing it small',
  store: 'uploading',
  stored: 'uploaded',
  failed: 'not uploaded',
};
const WARNINGS_SHOWN = 3;

/**
 * Follows one file from its drop until it is an object: a message says what is being done and can cancel it; another tells in
 * the end what it weighs, what was saved, and what is not right with it.
 *
 * @returns what `work` gives; `null` where it failed or was cancelled, which is told
 */
export async function publishing<T>(
  name: string,
  toasts: Toasts,
  work: (publishing: Publishing) => Promise<T>,
): Promise<T | null> {
  const cancel = new AbortController();
  const working = toasts.working(`${name}: reading`, { label: 'Cancel', run: () => cancel.abort() });
  const told: PublishedAsset[] = [];
  try {
    const done = await work({
      signal: cancel.signal,
      onProgress: ({ step }) => working.say(`${name}: ${DOING[step]}`),
      onPublished: (published) => void told.push(published),
    });
    for (const published of told) tell(published, name, toasts);
    return done;
  } catch (error) {
    if (cancel.signal.aborted) toasts.info(`${name} was not added`);
    else toasts.error(error);
    return null;
  } finally {
    working.end();
  }
}

/** A note that goes by itself, or one that stays where something is not right. */
function tell({ bytes, report, savings, notes }: PublishedAsset, name: string, toasts: Toasts): void {
  const size =
    savings?.isKept === true ? `${sizeText(savings.beforeBytes)}, now ${sizeText(bytes)}` : sizeText(bytes);
  const headline = `${name} was added: ${size}`;
  const [first, ...others] = [...(report === null ? [] : warningsOf(report)), ...notes];
  if (first === undefined) {
    toasts.info(headline);
    return;
  }
  const details = others.length === 0 ? null : others.join('\n');
  toasts.notice({ headline, reason: first, hint: null, details }, null);
}

function warningsOf({ findings }: ModelReport): string[] {
  return findings
    .filter(({ severity }) => severity === 'warning')
    .slice(0, WARNINGS_SHOWN)
    .map(({ says, advice, count }) => `${says}${count === 1 ? '' : ` (${count} times)`} ${advice}`);
}

const MIB = 1024 * 1024;

function sizeText(bytes: number): string {
  return bytes < MIB ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`;
}
