import type { Studio } from '../state/studio.ts';

/** Nothing is selected: the keys worth knowing. */
export function InspectorEmpty({ studio }: { studio: Studio }) {
  if (studio.walk.me.value !== null) return <WalkingKeys />;
  const locked = studio.readOnly.value !== null;
  return (
    <div class="inspector-empty">
      <h2>Nothing selected</h2>
      <p>Click an object in the view or in the list.</p>
      <dl>
        {!locked && (
          <>
            <Key keys={['W', 'E', 'R']} does="Move, rotate, scale" />
            <Key keys={['X']} does="Axes of world or object" />
            <Key keys={['Ctrl', 'D']} does="Duplicate" />
            <Key keys={['Ctrl', 'G']} does="Group" />
            <Key keys={['F2']} does="Rename" />
            <Key keys={['Del']} does="Delete" />
          </>
        )}
        <Key keys={['F']} does="Look at the selection" />
        <Key keys={['Esc']} does="Stop, or select nothing" />
      </dl>
    </div>
  );
}

/** What the keys do for whoever walks. */
function WalkingKeys() {
  return (
    <div class="inspector-empty">
      <h2>You are in the world</h2>
      <p>Click where to go, on a seat, or on a thing to take.</p>
      <dl>
        <Key keys={['W', 'A', 'S', 'D']} does="Walk; Shift runs" />
        <Key keys={['E']} does="Sit, take, put down" />
        <Key keys={['Q']} does="Wave" />
        <Key keys={['V']} does="From behind, or your eyes" />
        <Key keys={['Esc']} does="Stop walking" />
      </dl>
    </div>
  );
}

function Key({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <div class="key-line">
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
