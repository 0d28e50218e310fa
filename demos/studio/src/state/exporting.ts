import type { EndTurn, Turns } from '@weft/assets';
import type { ObjectId } from '@weft/core';
import { countText, sizeText } from './publishing.ts';
import type { StudioWorld } from './studio-world.ts';
import type { Toasts } from './toasts.ts';
import { turnOf } from './turn-of.ts';

/** Gives bytes to whoever sits in front of the page. */
export type SaveFile = (bytes: Uint8Array<ArrayBuffer>, name: string) => void;

const MAX_NAME_CHARACTERS = 60;

/**
 * Writes what is shown, or some of it, as one model; a message says how far it is and can stop it, another what the file does
 * not show. Nothing is thrown: what fails is told.
 *
 * @param from objects with all that hangs from them; `null` for the whole world
 * @param called what it is, for the name of the file
 * @param turns what else is written or brought in takes its turn with it
 */
export async function exporting(
  world: StudioWorld,
  from: readonly ObjectId[] | null,
  called: string,
  toasts: Toasts,
  turns: Turns,
  save: SaveFile,
): Promise<void> {
  const cancel = new AbortController();
  const name = `${fileName(called)}.glb`;
  const working = toasts.working(`${name}: writing`, () => cancel.abort());
  let end: EndTurn = () => undefined;
  try {
    end = await turnOf(turns, cancel.signal, (doing) => working.say(`${name}: ${doing}`), 'writing');
    const { glb, objects, models, notes } = await world.models.export({
      title: called,
      signal: cancel.signal,
      ...(from === null ? {} : { from }),
      onProgress: ({ step, done, total }) =>
        working.say(
          step === 'load'
            ? `${name}: ${done} of ${total} models loaded`
            : `${name}: writing, ${done} of ${total} objects`,
          done / Math.max(1, total),
        ),
    });
    cancel.signal.throwIfAborted();
    save(glb, name);
    const what = `${countText(objects, 'object')}, ${countText(models, 'model')}, ${sizeText(glb.length)}`;
    toasts.done(`${name} was written: ${what}`, notes);
  } catch (error) {
    if (cancel.signal.aborted) toasts.info(`${name} was not written`);
    else toasts.error(error);
  } finally {
    end();
    working.end();
  }
}

/** What every file system takes, and people read. */
function fileName(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return [...plain].slice(0, MAX_NAME_CHARACTERS).join('') || 'world';
}
