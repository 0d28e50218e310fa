/** How far an object's newest change has got: amber for this page only, green for the room's state. */
export function StageDot({ stage }: { stage: 'local' | 'durable' }) {
  const text = stage === 'local' ? 'Not saved yet' : 'Saved in the room';
  return (
    <span class={`stage ${stage}`} data-stage={stage} title={text}>
      <i class="dot" />
      <span class="visually-hidden">{text}</span>
    </span>
  );
}
