import type { FieldProps } from './field-props.ts';

export function SwitchField({ field, value, disabled, onChange }: FieldProps) {
  return (
    <input
      class="switch"
      type="checkbox"
      aria-label={field.label}
      disabled={disabled}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
