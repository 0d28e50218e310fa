import type { FieldProps } from './field-props.ts';

export function TextField({ field, value, disabled, onChange }: FieldProps) {
  const shown = typeof value === 'string' ? value : '';
  const finish = (text: string) => {
    if (text !== shown) onChange(text === '' && field.defaultValue === null ? null : text);
  };
  if (field.editor === 'paragraph') {
    return (
      <textarea
        class="input"
        rows={3}
        aria-label={field.label}
        maxLength={field.max ?? undefined}
        readOnly={disabled}
        value={shown}
        onBlur={(event) => finish(event.currentTarget.value)}
        onKeyDown={(event) => event.stopPropagation()}
      />
    );
  }
  return (
    <input
      class="input"
      type="text"
      aria-label={field.label}
      maxLength={field.max ?? undefined}
      readOnly={disabled}
      value={shown}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(event.currentTarget.value);
        if (event.key === 'Escape') event.currentTarget.value = shown;
        event.stopPropagation();
      }}
    />
  );
}
