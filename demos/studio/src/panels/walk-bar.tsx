import type { Studio } from '../state/studio.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

/** Enters the world as an avatar, and what one can do there. Everything in it has a key too. */
export function WalkBar({ studio }: { studio: Studio }) {
  const { walk } = studio;
  if (studio.viewport.value === null || studio.status.value.graph !== 'ready') return null;
  if (walk.me.value === null)
    return (
      <div class="walk-bar">
        <button
          type="button"
          class="button walk-in"
          title="Walk round in this world, seen by the others  (Tab)"
          onClick={() => void walk.enter()}
        >
          <Icon name="walk" />
          Walk
        </button>
      </div>
    );
  const isFirst = walk.view.value === 'first';
  const act = actOf(studio);
  return (
    <div class="walk-bar on" role="toolbar" aria-label="Walking">
      <p class="walk-mode" role="status">
        <Icon name="walk" />
        <strong>Walking</strong>
        <span class="walk-keys">
          <kbd>W</kbd>
          <kbd>A</kbd>
          <kbd>S</kbd>
          <kbd>D</kbd> or click where to go
        </span>
      </p>
      {walk.unseen.value !== null && (
        <span class="walk-unseen" title={walk.unseen.value}>
          <Icon name="cloudOff" />
          Nobody sees you now
        </span>
      )}
      {act !== null && (
        <button type="button" class="button solid" title={`${act}  (E)`} onClick={() => walk.act()}>
          {act}
        </button>
      )}
      <IconButton icon="wave" label="Wave" shortcut="Q" onClick={() => waveNow(studio)} />
      <IconButton
        icon="eye"
        label={isFirst ? 'Look from behind' : 'Look through your eyes'}
        shortcut="V"
        pressed={isFirst}
        onClick={() => walk.turnView()}
      />
      <IconButton icon="close" label="Stop walking" shortcut="Escape" onClick={() => walk.leave()} />
    </div>
  );
}

/** Waves; the view draws it. */
export function waveNow({ walk, viewport }: Studio): void {
  walk.wave();
  viewport.value?.redraw();
}

function actOf({ walk }: Studio): string | null {
  if (walk.carried.value !== null) return 'Put down';
  if (walk.seat.value !== null) return 'Stand up';
  return walk.offer.value?.label ?? null;
}
