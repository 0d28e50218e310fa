import { useSignal } from '@preact/signals';
import { isValue } from '@weft/core';
import type { FieldProps } from './field-props.ts';

/** Any value as JSON, for what has no editor of its own. */
export function JsonField({ field, value, disabled, onChange }: FieldProps) {
  const wrong = useSignal(false);
  const shown = value === undefined ? '' : JSON.stringify(value, null, 1);
  return (
    <textarea
      class={`input mono ${wrong.value ? 'wrong' : ''}`}
      rows={Math.min(6, shown.split('\n').length)}
      aria-label={`${field.label} as JSON`}
      aria-invalid={wrong.value}
      spellcheck={false}
      readOnly={disabled}
      value={shown}
      onBlur={(event) => {
        const text = event.currentTarget.value.trim();
        if (text === shown) return;
        const parsed = parse(text);
        wrong.value = parsed === undefined;
        if (isValue(parsed)) onChange(parsed);
        else wrong.value = true;
      }}
      onKeyDown={(event) => event.stopPropagation()}
    />
  );
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
