import type { Stage } from '@weft/world';

const TEXTS: Readonly<Record<Stage, string>> = {
  local: 'Not saved yet',
  held: 'Held by the relay, on its way into the room',
  durable: 'Saved in the room',
};

/** How far an object's newest change has got: amber for this page only, blue for the relay, green for the room's state. */
export function StageDot({ stage }: { stage: Stage }) {
  const text = TEXTS[stage];
  return (
    <span class={`stage ${stage}`} data-stage={stage} title={text}>
      <i class="dot" />
      <span class="visually-hidden">{text}</span>
    </span>
  );
}
