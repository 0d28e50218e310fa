import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Whether something below a button is shown: a click elsewhere hides it. */
export function useUnfolded(): {
  readonly open: Signal<boolean>;
  /** Of what holds the button and what is shown. */
  readonly root: RefObject<HTMLDivElement>;
  /** Hides it, and leaves the focus on its button. */
  readonly close: () => void;
} {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open.value) return;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target)) return;
      open.value = false;
    };
    addEventListener('pointerdown', outside);
    return () => removeEventListener('pointerdown', outside);
  }, [open.value]);
  const close = () => {
    open.value = false;
    root.current?.querySelector('button')?.focus();
  };
  return { open, root, close };
}
