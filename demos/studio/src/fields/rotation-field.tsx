import { useRef } from 'preact/hooks';
import { type Degrees, degreesOf, type Quat, quatOf, sameTurn } from './euler.ts';
import type { FieldProps } from './field-props.ts';
import { NumberBox } from './number-box.tsx';

const AXES = ['X', 'Y', 'Z'] as const;

/** A quaternion as three angles in degrees. */
export function RotationField({ field, value, disabled, onChange }: FieldProps) {
  const quat = quatFrom(value);
  // Three angles are not unique: those that were typed stay as long as they still mean the same turn.
  const typed = useRef<Degrees | null>(null);
  const degrees =
    typed.current !== null && sameTurn(quatOf(typed.current), quat) ? typed.current : degreesOf(quat);
  return (
    <fieldset class="vector" aria-label={field.label}>
      {AXES.map((axis, at) => (
        <NumberBox
          key={axis}
          axis={axis}
          label={`${field.label} ${axis} in degrees`}
          value={degrees[at] ?? 0}
          step={1}
          disabled={disabled}
          onChange={(next, gesture) => {
            const [x, y, z] = degrees;
            typed.current = [at === 0 ? next : x, at === 1 ? next : y, at === 2 ? next : z];
            onChange(quatOf(typed.current), gesture);
          }}
        />
      ))}
    </fieldset>
  );
}

function quatFrom(value: unknown): Quat {
  if (!Array.isArray(value)) return [0, 0, 0, 1];
  const [x, y, z, w] = value;
  const isQuat = [x, y, z, w].every((part) => typeof part === 'number');
  return isQuat ? [x, y, z, w] : [0, 0, 0, 1];
}
