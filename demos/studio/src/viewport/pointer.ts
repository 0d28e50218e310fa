import type { WorldView } from '@weft/three';
import type { Vector3 } from 'three';
import type { Studio } from '../state/studio.ts';

const CLICK_PIXELS = 4;

export interface PointerTarget {
  readonly canvas: HTMLCanvasElement;
  readonly view: WorldView;
  readonly studio: Studio;
  /** Whether the gizmo has the pointer. */
  engaged(): boolean;
  /** Where a click of somebody who walks leads them. */
  goTo(point: Vector3): void;
}

/** A point of the page in the view's normalised device coordinates. */
export function deviceCoordinates(
  canvas: HTMLCanvasElement,
  x: number,
  y: number,
): readonly [number, number] {
  const box = canvas.getBoundingClientRect();
  return [((x - box.left) / box.width) * 2 - 1, 1 - ((y - box.top) / box.height) * 2];
}

/** Clicks select, or lead who walks; drags are left to the camera. @returns stops listening */
export function followPointer({ canvas, view, studio, engaged, goTo }: PointerTarget): () => void {
  let start: { readonly x: number; readonly y: number } | null = null;

  function down(event: PointerEvent): void {
    canvas.focus({ preventScroll: true });
    start = event.button === 0 && !engaged() ? { x: event.clientX, y: event.clientY } : null;
  }

  function up(event: PointerEvent): void {
    const from = start;
    start = null;
    if (from === null || Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_PIXELS) return;
    if (studio.walk.me.value !== null) {
      lead(event);
      return;
    }
    const id = view.pick(...deviceCoordinates(canvas, event.clientX, event.clientY));
    const adding = event.shiftKey || event.ctrlKey || event.metaKey;
    if (id === null) {
      if (!adding) studio.selection.clear();
    } else if (adding) {
      studio.selection.toggle(id);
    } else {
      studio.selection.set([id]);
    }
  }

  function lead(event: PointerEvent): void {
    const { walk } = studio;
    const hit = view.hit(...deviceCoordinates(canvas, event.clientX, event.clientY));
    if (hit === null) return;
    const offer = walk.offerOf(hit.id);
    if (offer?.does === 'sit') walk.sit(offer.id);
    else if (offer !== null && walk.carried.value === null) void walk.take(offer.id);
    else goTo(hit.point);
  }

  function double(): void {
    if (studio.walk.me.value !== null) return;
    const { value } = studio.selection.ids;
    if (value.length > 0) studio.viewport.value?.frame(value);
  }

  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('dblclick', double);
  return () => {
    canvas.removeEventListener('pointerdown', down);
    canvas.removeEventListener('pointerup', up);
    canvas.removeEventListener('dblclick', double);
  };
}
