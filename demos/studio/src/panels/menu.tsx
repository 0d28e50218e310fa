import { useEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';
import { useUnfolded } from './use-unfolded.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly hint?: string;
  readonly separated?: boolean;
  /** It is there and does nothing: `hint` says why. */
  readonly disabled?: boolean;
  run(): void;
}

interface MenuProps {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly MenuItem[];
  readonly disabled?: boolean;
  readonly class?: string;
}

/** A button that opens a list; arrows, Home, End, Enter and Escape work as in any menu. */
export function Menu({ label, icon, items, disabled, class: extra = '' }: MenuProps) {
  const { open, root, close } = useUnfolded();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open.value) focusItem(list.current, 0);
  }, [open.value]);

  function onKeyDown(event: KeyboardEvent): void {
    const at = [...(list.current?.children ?? [])].indexOf(document.activeElement ?? document.body);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: items.length - 1,
    };
    const next = steps[event.key];
    if (event.key === 'Escape') close();
    else if (next !== undefined) focusItem(list.current, (next + items.length) % items.length);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div class={`menu ${extra}`} ref={root}>
      <button
        type="button"
        class={`button ${open.value ? 'pressed' : ''}`}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open.value}
        disabled={disabled}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <Icon name={icon} />
        <span class="menu-label">{label}</span>
        <Icon name="down" size={12} />
      </button>
      {open.value && (
        <div class="menu-list" role="menu" aria-label={label} tabIndex={-1} ref={list} onKeyDown={onKeyDown}>
          {items.map((item) => (
            <button
              type="button"
              role="menuitem"
              key={item.label}
              class={`menu-item ${item.separated ? 'separated' : ''}`}
              tabIndex={-1}
              aria-disabled={item.disabled}
              onClick={() => {
                if (item.disabled === true) return;
                close();
                item.run();
              }}
            >
              <Icon name={item.icon} />
              <span>{item.label}</span>
              {item.hint !== undefined && <span class="menu-hint">{item.hint}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function focusItem(list: HTMLDivElement | null, at: number): void {
  const item = list?.children.item(at);
  if (item instanceof HTMLElement) item.focus();
}
