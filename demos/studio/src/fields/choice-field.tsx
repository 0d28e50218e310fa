import type { FieldProps } from './field-props.ts';

export function ChoiceField({ field, value, disabled, onChange }: FieldProps) {
  return (
    <select
      class="input"
      aria-label={field.label}
      disabled={disabled}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {field.options.map((option) => (
        <option key={option} value={option}>
          {wordOf(option)}
        </option>
      ))}
    </select>
  );
}

function wordOf(option: string): string {
  const word = option.toLowerCase();
  return word.charAt(0).toUpperCase() + word.slice(1);
}
