import { ROOT } from '@weft/core';
import { chooseFiles } from '../panels/choose-files.ts';
import { Icon } from '../panels/icon.tsx';
import type { Studio } from '../state/studio.ts';

/** First steps in a world that holds nothing yet. */
export function WorldEmpty({ studio }: { studio: Studio }) {
  const isReady = studio.status.value.graph === 'ready';
  if (!isReady || studio.graph.children(ROOT).length > 0) return null;
  if (studio.readOnly.value !== null) {
    return (
      <div class="world-empty">
        <h2>Nothing here yet</h2>
        <p>As soon as somebody builds something, you will see it here.</p>
      </div>
    );
  }
  const at = () => studio.viewport.value?.dropPoint() ?? ([0, 0, 0] as const);
  return (
    <div class="world-empty">
      <h2>An empty world</h2>
      <p>Everything you put here is saved in the room as you go, and seen by all who are in it.</p>
      <div class="world-empty-steps">
        <button type="button" class="button solid large" onClick={() => studio.actions.add('box', [0, 0, 0])}>
          <Icon name="box" />
          Add a box
        </button>
        <button
          type="button"
          class="button outlined large"
          onClick={() => chooseFiles((files) => void studio.importFiles(files, at()))}
        >
          <Icon name="upload" />
          Choose a file
        </button>
      </div>
      <p class="soft">or drop a model, a picture, a sound or a film anywhere in this view</p>
    </div>
  );
}
