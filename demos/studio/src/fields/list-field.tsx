import type { FieldProps } from './field-props.ts';

/** A list of words, written with commas between them. */
export function ListField({ field, value, disabled, onChange }: FieldProps) {
  const shown = Array.isArray(value) ? value.join(', ') : '';
  return (
    <input
      class="input"
      type="text"
      aria-label={`${field.label}, separated by commas`}
      placeholder="one, two"
      readOnly={disabled}
      value={shown}
      onBlur={(event) => {
        if (event.currentTarget.value !== shown) onChange(wordsOf(event.currentTarget.value));
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        event.stopPropagation();
      }}
    />
  );
}

export function wordsOf(text: string): string[] {
  return [...new Set(text.split(',').map((word) => word.trim()))].filter((word) => word !== '');
}
