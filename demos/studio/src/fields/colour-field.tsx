import { hexFromLinear, linearFromHex } from '@weft/core';
import { useRef } from 'preact/hooks';
import type { FieldProps } from './field-props.ts';
import { newGesture, Throttle } from './gesture.ts';
import { NumberBox } from './number-box.tsx';

const OPACITY = { min: 0, max: 1 };

/** `#rrggbb`, or linear factors with or without opacity; shown and picked as sRGB. */
export function ColourField({ field, value, disabled, onChange }: FieldProps) {
  const channels = Array.isArray(value) ? value.map(Number) : null;
  const hex = channels === null ? String(value ?? '#ffffff') : hexFromLinear(rgb(channels));
  const opacity = channels?.[3];
  const gesture = useRef(newGesture());
  const throttle = useRef(
    new Throttle<() => void>((pass) => {
      pass();
    }),
  );

  function choose(text: string): void {
    const linear = linearFromHex(text);
    if (channels === null) onChange(text, gesture.current);
    else if (linear !== null)
      onChange(opacity === undefined ? [...linear] : [...linear, opacity], gesture.current);
  }

  return (
    <div class="colour-field">
      <label class="swatch" style={{ '--swatch': hex }}>
        <input
          type="color"
          aria-label={field.label}
          disabled={disabled}
          value={hex}
          onFocus={() => {
            gesture.current = newGesture();
          }}
          onInput={(event) => {
            const text = event.currentTarget.value;
            throttle.current.push(() => choose(text));
          }}
        />
        <span>{hex}</span>
      </label>
      {channels !== null && opacity !== undefined && (
        <NumberBox
          label={`${field.label}: opacity`}
          value={opacity}
          step={0.05}
          range={OPACITY}
          disabled={disabled}
          onChange={(next, drag) => onChange([...rgb(channels), next], drag)}
        />
      )}
    </div>
  );
}

function rgb([red = 0, green = 0, blue = 0]: readonly number[]): [number, number, number] {
  return [red, green, blue];
}
