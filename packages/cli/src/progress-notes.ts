import type { Output } from './output.ts';
import type { OnProgress, Progress } from './stack/progress.ts';

const MIN_FRACTION_STEP = 0.1;

/** Progress as lines for a person: every step, and of a long one about ten lines. */
export function progressNotes(output: Output): OnProgress {
  let step: Progress['step'] | null = null;
  let shown = 0;
  return (progress) => {
    const { fraction, message } = progress;
    if (progress.step === step && fraction !== undefined && fraction !== 1) {
      if (fraction - shown < MIN_FRACTION_STEP) return;
      shown = fraction;
    } else {
      step = progress.step;
      shown = fraction ?? 0;
    }
    const percent =
      fraction === undefined || fraction === 0 || fraction === 1 ? '' : ` (${Math.round(fraction * 100)} %)`;
    output.note(`  ${message}${percent}`);
  };
}
