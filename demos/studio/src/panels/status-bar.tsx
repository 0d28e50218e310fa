import { useComputed } from '@preact/signals';
import type { Studio } from '../state/studio.ts';
import { Icon } from './icon.tsx';
import { ProblemList } from './problem-list.tsx';

/** The line at the bottom: what is saved, what is there, what is wrong. */
export function StatusBar({ studio }: { studio: Studio }) {
  const { unsaved, quarantined } = studio.status.value;
  const size = useComputed(() => {
    studio.graph.structure.value;
    let count = 0;
    for (const _ of studio.world.ids()) count += 1;
    return count;
  });
  const loading = studio.assets.value.filter(({ state }) => state === 'loading').length;
  const selected = studio.selection.ids.value.length;
  return (
    <footer class="status-bar">
      <span class={`saved ${unsaved > 0 ? 'local' : 'durable'}`} role="status" data-unsaved={unsaved}>
        <i class="dot" />
        {unsaved > 0 ? `${unsaved} unsaved` : 'All changes saved'}
      </span>
      <span class="status-item">
        {size.value === 1 ? '1 object' : `${size.value} objects`}
        {selected > 0 && `, ${selected} selected`}
      </span>
      {loading > 0 && <span class="status-item">{`${loading} loading`}</span>}
      {quarantined > 0 && (
        <span class="status-item warning" title="Changes dated in the future wait until their time has come">
          <Icon name="warning" size={13} />
          {`${quarantined} ahead of time`}
        </span>
      )}
      <span class="spacer" />
      <ProblemList studio={studio} />
    </footer>
  );
}
