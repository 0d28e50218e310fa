import type { ComponentChildren } from 'preact';
import { useUnfolded } from './use-unfolded.ts';

interface PopoverProps {
  readonly class: string;
  /** What the button is called, with what it shows. */
  readonly label: string;
  readonly button: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A button that opens a card below it; a click elsewhere, Escape and the button close it. */
export function Popover({ class: extra, label, button, children }: PopoverProps) {
  const { open, root, close } = useUnfolded();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only Escape, from whatever inside has the focus.
    <div
      class={`popover ${extra}`}
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open.value) return;
        close();
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
