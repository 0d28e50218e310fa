import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface PopoverProps {
  readonly class: string;
  /** What the button is called, with what it shows. */
  readonly label: string;
  readonly button: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A button that opens a card below it; a click elsewhere, Escape and the button close it. */
export function Popover({ class: extra, label, button, children }: PopoverProps) {
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
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only Escape, from whatever inside has the focus.
    <div
      class={`popover ${extra}`}
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open.value) return;
        open.value = false;
        root.current?.querySelector('button')?.focus();
        event.stopPropagation();
      }}
    >
      <button
        type="button"
        class="popover-button"
        aria-label={label}
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {button}
      </button>
      {open.value && <div class="popover-card quiet-scroll">{children}</div>}
    </div>
  );
}
