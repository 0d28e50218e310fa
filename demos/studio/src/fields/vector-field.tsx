import type { FieldProps } from './field-props.ts';
import { NumberBox } from './number-box.tsx';

const AXES = ['X', 'Y', 'Z'] as const;

export function VectorField({ field, value, disabled, onChange }: FieldProps) {
  const vector = numbersOf(value ?? field.defaultValue);
  return (
    <fieldset class="vector" aria-label={field.label}>
      {AXES.map((axis, at) => (
        <NumberBox
          key={axis}
          axis={axis}
          label={`${field.label} ${axis}`}
          value={vector[at] ?? 0}
          step={field.step}
          range={field}
          disabled={disabled}
          onChange={(next, gesture) => onChange(vector.with(at, next), gesture)}
        />
      ))}
    </fieldset>
  );
}

function numbersOf(value: unknown): number[] {
  const list = Array.isArray(value) ? value : [];
  return AXES.map((_, at) => (typeof list[at] === 'number' ? list[at] : 0));
}
