import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface IconButtonProps {
  readonly icon: IconName;
  /** Read aloud, and shown when the pointer rests. */
  readonly label: string;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  /** For switches: whether it is on. */
  readonly pressed?: boolean;
  readonly children?: ComponentChildren;
  onClick(): void;
}

export function IconButton({ icon, label, shortcut, disabled, pressed, children, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`button ${children === undefined ? 'icon' : ''} ${pressed ? 'pressed' : ''}`}
      title={shortcut === undefined ? label : `${label}  (${shortcut})`}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
      {children}
    </button>
  );
}
