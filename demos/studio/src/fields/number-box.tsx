import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { newGesture, Throttle } from './gesture.ts';
import { clamp, type NumberRange, numberText, parseNumberText, stepBy } from './number-text.ts';

const PIXELS_A_STEP = 4;
const DRAG_THRESHOLD_PIXELS = 3;
const COARSE = 10;
const FINE = 0.1;
const DEFAULT_STEP = 0.1;

interface NumberBoxProps {
  readonly value: number;
  readonly label: string;
  /** A letter in front, in the colour of its axis. */
  readonly axis?: 'X' | 'Y' | 'Z' | undefined;
  readonly unit?: string | null;
  readonly step?: number | null;
  readonly range?: NumberRange;
  readonly disabled: boolean;
  onChange(value: number, gesture: string): void;
}

const ANY: NumberRange = { min: null, max: null };

/** A number to drag sideways, to step with the arrows or to type; Shift is coarse, Alt is fine. */
export function NumberBox(props: NumberBoxProps) {
  const { value, label, axis, unit, range = ANY, disabled, onChange } = props;
  const step = props.step ?? DEFAULT_STEP;
  const dragged = useSignal<number | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const gesture = useRef('');

  function commit(text: string): void {
    const number = parseNumberText(text);
    const next = number === null ? value : clamp(number, range);
    if (box.current !== null) box.current.value = numberText(next);
    if (next !== value) onChange(next, newGesture());
  }

  function startDrag(event: PointerEvent): void {
    if (disabled || event.button !== 0 || document.activeElement === box.current) return;
    const grip = event.currentTarget;
    if (!(grip instanceof HTMLElement)) return;
    drag(grip, event);
  }

  function drag(grip: HTMLElement, event: PointerEvent): void {
    const startX = event.clientX;
    const startValue = value;
    const throttle = new Throttle<number>((next) => onChange(next, gesture.current));
    let moved = false;
    gesture.current = newGesture();
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);

    function move(now: PointerEvent): void {
      const pixels = now.clientX - startX;
      moved ||= Math.abs(pixels) > DRAG_THRESHOLD_PIXELS;
      if (!moved) return;
      const steps = Math.round(pixels / PIXELS_A_STEP) * (now.shiftKey ? COARSE : now.altKey ? FINE : 1);
      dragged.value = stepBy(startValue, steps, step, range);
      throttle.push(dragged.value);
    }
    function end(now: PointerEvent): void {
      grip.removeEventListener('pointermove', move);
      throttle.flush();
      throttle.cancel();
      dragged.value = null;
      if (moved || now.type === 'pointercancel') return;
      box.current?.focus();
      box.current?.select();
    }
    grip.addEventListener('pointermove', move);
    grip.addEventListener('pointerup', end, { once: true });
    grip.addEventListener('pointercancel', end, { once: true });
  }

  return (
    <div
      class={`number-box ${axis === undefined ? '' : `axis-${axis.toLowerCase()}`} ${disabled ? 'disabled' : ''}`}
      onPointerDown={startDrag}
    >
      {axis !== undefined && <span class="axis">{axis}</span>}
      <input
        type="text"
        inputMode="decimal"
        role="spinbutton"
        aria-label={label}
        aria-valuenow={dragged.value ?? value}
        readOnly={disabled}
        value={numberText(dragged.value ?? value)}
        ref={box}
        onFocus={() => {
          gesture.current = newGesture();
        }}
        onBlur={(event) => commit(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            commit(event.currentTarget.value);
            event.currentTarget.select();
          }
          if (event.key === 'Escape') {
            event.currentTarget.value = numberText(value);
            event.currentTarget.blur();
          }
          const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (direction !== undefined && !disabled) {
            event.preventDefault();
            const size = event.shiftKey ? COARSE : event.altKey ? FINE : 1;
            onChange(stepBy(value, direction * size, step, range), gesture.current);
          }
          if (event.key !== 'Tab') event.stopPropagation();
        }}
      />
      {unit !== null && unit !== undefined && <span class="unit">{unit}</span>}
    </div>
  );
}
