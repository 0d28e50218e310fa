import { useComputed } from '@preact/signals';
import type { Studio } from '../state/studio.ts';
import { AssetList } from './asset-list.tsx';
import { Icon } from './icon.tsx';
import { ProblemList } from './problem-list.tsx';
import { SoundButton } from './sound-button.tsx';

function savedText(unsaved: number, isLostOnClose: boolean): string {
  if (unsaved === 0) return 'All changes saved';
  return isLostOnClose ? `${unsaved} unsaved` : `${unsaved} kept in this browser, not sent yet`;
}

/** The line at the bottom: what is saved, what is there, what is wrong. */
export function StatusBar({ studio }: { studio: Studio }) {
  const { unsaved, notKept, quarantined } = studio.status.value;
  const size = useComputed(() => {
    studio.graph.structure.value;
    let count = 0;
    for (const _ of studio.world.ids()) count += 1;
    return count;
  });
  const selected = studio.selection.ids.value.length;
  return (
    <footer class="status-bar">
      <span
        class={`saved ${unsaved > 0 ? 'local' : 'durable'}`}
        role="status"
        data-unsaved={unsaved}
        data-kept={notKept === null}
        title={notKept ?? 'This browser keeps every change until the world’s homeserver has it'}
      >
        <i class="dot" />
        {savedText(unsaved, notKept !== null)}
      </span>
      <span class="status-item">
        {size.value === 1 ? '1 object' : `${size.value} objects`}
        {selected > 0 && `, ${selected} selected`}
      </span>
      {quarantined > 0 && (
        <span class="status-item warning" title="Changes dated in the future wait until their time has come">
          <Icon name="warning" size={13} />
          {`${quarantined} ahead of time`}
        </span>
      )}
      <span class="spacer" />
      <SoundButton studio={studio} />
      <AssetList studio={studio} />
      <ProblemList studio={studio} />
    </footer>
  );
}
