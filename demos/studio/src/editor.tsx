import { useEffect, useRef } from 'preact/hooks';
import { Inspector } from './panels/inspector.tsx';
import { QuestionCard } from './panels/question-card.tsx';
import { StatusBar } from './panels/status-bar.tsx';
import { ToastList } from './panels/toast-list.tsx';
import { TopBar } from './panels/top-bar.tsx';
import { Tree } from './panels/tree.tsx';
import { publishProbe } from './probe.ts';
import { followShortcuts } from './shortcuts.ts';
import type { Studio } from './state/studio.ts';
import type { RenderOptions } from './viewport/options.ts';
import type { Stage } from './viewport/stage.ts';
import { Viewport } from './viewport/viewport.tsx';

/** The editor of one open world. */
export function Editor({ studio, options }: { studio: Studio; options: RenderOptions }) {
  const stage = useRef<Stage | null>(null);
  useEffect(() => {
    const stops = [
      publishProbe(studio, () => stage.current),
      followShortcuts(studio, () => stage.current),
      warnBeforeLeaving(studio),
      refuseStrayDrops(),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [studio]);
  return (
    <div class="editor" data-graph={studio.status.value.graph}>
      <TopBar studio={studio} />
      <Tree studio={studio} />
      <Viewport
        studio={studio}
        options={options}
        onStage={(made) => {
          stage.current = made;
        }}
      />
      <Inspector studio={studio} />
      <StatusBar studio={studio} />
      <ToastList studio={studio} />
      <QuestionCard studio={studio} />
    </div>
  );
}

function warnBeforeLeaving(studio: Studio): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    const { unsaved, notKept } = studio.world.status.value;
    // What this browser keeps goes out the next time that the world is opened.
    if (unsaved > 0 && notKept !== null) event.preventDefault();
  };
  addEventListener('beforeunload', ask);
  return () => removeEventListener('beforeunload', ask);
}

// A file that misses the view would otherwise replace the page, and with it whatever is unsaved.
function refuseStrayDrops(): () => void {
  const refuse = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };
  addEventListener('dragover', refuse);
  addEventListener('drop', refuse);
  return () => {
    removeEventListener('dragover', refuse);
    removeEventListener('drop', refuse);
  };
}
