import { signal } from '@preact/signals';

export type GizmoMode = 'move' | 'rotate' | 'scale';
export type GizmoSpace = 'world' | 'local';

export const SNAP_METRES = 0.25;
export const SNAP_DEGREES = 15;
export const SNAP_SCALE = 0.1;

/** Which tool is in hand. */
export class Tools {
  readonly mode = signal<GizmoMode>('move');
  readonly space = signal<GizmoSpace>('world');
  readonly snap = signal(false);
  readonly grid = signal(true);

  toggleSpace(): void {
    this.space.value = this.space.value === 'world' ? 'local' : 'world';
  }

  toggleSnap(): void {
    this.snap.value = !this.snap.value;
  }
}
