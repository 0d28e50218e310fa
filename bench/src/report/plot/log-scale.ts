const TENTHS = [1, 2, 5] as const;

/** An axis on which equal factors are equally long. */
export interface LogScale {
  /** Where a value stands, in pixels. */
  at(value: number): number;
  /** Round values within it: 1, 2, 5, 10, … */
  readonly ticks: readonly number[];
}

/** @throws RangeError unless 0 < from < to */
export function logScale(
  values: { readonly from: number; readonly to: number },
  pixels: { readonly from: number; readonly to: number },
): LogScale {
  const { from, to } = values;
  if (!(from > 0 && to > from)) throw new RangeError(`a log axis from ${from} to ${to}`);
  const length = Math.log(to / from);
  return {
    at: (value) => pixels.from + ((pixels.to - pixels.from) * Math.log(value / from)) / length,
    ticks: roundValues(from, to),
  };
}

/** The nearest round value that is not above it, or not below it. */
export function roundDown(value: number): number {
  return roundValues(value / 10, value).at(-1) ?? value;
}

export function roundUp(value: number): number {
  return roundValues(value, value * 10)[0] ?? value;
}

function roundValues(from: number, to: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(to)) - Math.floor(Math.log10(from)) + 1 },
    (_, at) => 10 ** (Math.floor(Math.log10(from)) + at),
  );
  return powers
    .flatMap((power) => TENTHS.map((tenth) => Number((tenth * power).toPrecision(1))))
    .filter((value) => value >= from && value <= to);
}
