import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from '../panels/icon.tsx';
import { WalkBar } from '../panels/walk-bar.tsx';
import type { Studio } from '../state/studio.ts';
import { filesOf, hasFiles } from './drop.ts';
import type { RenderOptions } from './options.ts';
import { Stage } from './stage.ts';
import { ViewNotice } from './view-notice.tsx';
import { WorldEmpty } from './world-empty.tsx';

interface ViewportProps {
  readonly studio: Studio;
  readonly options: RenderOptions;
  /** Tells who else needs the stage: shortcuts and tests. */
  onStage(stage: Stage | null): void;
}

export function Viewport({ studio, options, onStage }: ViewportProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage | null>(null);
  const broken = useSignal<string | null>(null);
  const dropping = useSignal(false);

  useEffect(() => {
    if (canvas.current === null || options.quality === 'off') return;
    try {
      const made = new Stage(studio, canvas.current, options);
      stage.current = made;
      studio.viewport.value = made;
      onStage(made);
      const observer = new ResizeObserver(([entry]) => {
        if (entry !== undefined) made.resize(entry.contentRect.width, entry.contentRect.height);
      });
      observer.observe(canvas.current);
      return () => {
        observer.disconnect();
        studio.viewport.value = null;
        stage.current = null;
        onStage(null);
        made.stop();
      };
    } catch (error) {
      broken.value = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }, [studio]);

  function drop(event: DragEvent): void {
    dropping.value = false;
    if (!hasFiles(event)) return;
    event.preventDefault();
    const at = stage.current?.pointAt(event.clientX, event.clientY) ?? [0, 0, 0];
    void studio.importFiles(filesOf(event), at);
  }

  const isOff = options.quality === 'off' || broken.value !== null;
  return (
    <main
      class={`viewport ${dropping.value ? 'dropping' : ''}`}
      aria-label="View of the world"
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        dropping.value = true;
      }}
      onDragLeave={(event) => {
        if (event.target === event.currentTarget || event.relatedTarget === null) dropping.value = false;
      }}
      onDrop={drop}
    >
      {!isOff && (
        <canvas ref={canvas} tabIndex={0} aria-label="3D view; click to select, drag to look round" />
      )}
      {isOff && <ViewNotice reason={broken.value} />}
      {!isOff && <WorldEmpty studio={studio} />}
      <ReadOnlyNote studio={studio} />
      {!isOff && <WalkBar studio={studio} />}
      {dropping.value && (
        <div class="drop-note">
          <Icon name="upload" />
          Let go to put it here
        </div>
      )}
    </main>
  );
}

/** Why not everything can be done here, and what can be all the same. */
function ReadOnlyNote({ studio }: { studio: Studio }) {
  const reason = studio.readOnly.value;
  const { modes, why } = studio.movable.value;
  const isSelected = studio.selection.ids.value.length > 0 && studio.walk.me.value === null;
  if (isSelected && why !== null && modes.has('move') && reason !== null)
    return (
      <Note icon="move" strong="Yours to move.">
        Anybody may put this elsewhere and turn it.
      </Note>
    );
  if (reason !== null)
    return (
      <Note icon="eye" strong="Looking only.">
        {reason}
      </Note>
    );
  if (!isSelected || why === null) return null;
  return (
    <Note icon="lock" strong={modes.has('move') ? 'Not all of it can be done.' : 'This stays where it is.'}>
      {why}
    </Note>
  );
}

interface NoteProps {
  readonly icon: IconName;
  readonly strong: string;
  readonly children: ComponentChildren;
}

function Note({ icon, strong, children }: NoteProps) {
  return (
    <div class="read-only-note" role="note">
      <Icon name={icon} />
      <span>
        <strong>{strong}</strong> {children}
      </span>
    </div>
  );
}
