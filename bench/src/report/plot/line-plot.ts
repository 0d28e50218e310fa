import { logScale, roundDown, roundUp } from './log-scale.ts';
import { spread } from './spread.ts';

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** The interval of y, where it has one. */
  readonly low?: number;
  readonly high?: number;
}

export interface PlotLine {
  readonly label: string;
  /** A colour that shows on white and on black. */
  readonly colour: string;
  readonly isDashed: boolean;
  readonly isThick: boolean;
  readonly points: readonly PlotPoint[];
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly PlotLine[];
  /** A value to hold y against, and what it is. */
  readonly mark: { readonly y: number; readonly label: string } | null;
}

export interface PlotOptions {
  /** What a reader who does not see it is told. */
  readonly description: string;
  readonly xTitle: string;
  readonly panels: readonly Panel[];
}

const WIDTH = 900;
const PANEL_HEIGHT = 330;
const LEFT = 64;
const RIGHT = 660;
const TOP = 42;
const BOTTOM = 290;
const LABEL_X = 696;
const LABEL_GAP = 17;
const MARKER = 3;
/** Ticks nearer than this would stand on each other. */
const TICK_GAP = 34;
/** Room between the outermost values and the frame, as a factor. */
const ROOM = 1.15;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  .small { font-size: 12px; fill: #57606a; }
  .page { fill: #ffffff; }
  .grid { stroke: #d8dee4; stroke-width: 1; }
  .mark { stroke: #57606a; stroke-width: 1; stroke-dasharray: 2 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .small { fill: #9198a1; }
    .page { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .mark { stroke: #9198a1; }
  }
`;

/**
 * Panels of lines one below the other, both axes logarithmic, each line labelled at its end: one SVG that needs no other
 * file and shows on a light page as on a dark one. The same lines always give the same bytes.
 *
 * @throws RangeError where a panel has no two different values along an axis, or one that is not above 0
 */
export function linePlot({ description, xTitle, panels }: PlotOptions): string {
  const height = panels.length * PANEL_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(description)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    ...panels.map(
      (panel, at) => `<g transform="translate(0 ${at * PANEL_HEIGHT})">\n${drawn(panel, xTitle)}\n</g>`,
    ),
    '</svg>\n',
  ].join('\n');
}

function drawn({ title, lines, mark }: Panel, xTitle: string): string {
  const points = lines.flatMap((line) => line.points);
  const ys = [...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]), ...(mark ? [mark.y] : [])];
  const xs = points.map(({ x }) => x);
  const y = logScale(
    { from: roundDown(Math.min(...ys)), to: roundUp(Math.max(...ys)) },
    { from: BOTTOM, to: TOP },
  );
  const x = logScale({ from: Math.min(...xs) / ROOM, to: Math.max(...xs) * ROOM }, { from: LEFT, to: RIGHT });
  const ends = lines.map(({ points: own }) => own.at(-1));
  const labels = spread(
    ends.map((end) => (end === undefined ? TOP : y.at(end.y))),
    { gap: LABEL_GAP, from: TOP, to: BOTTOM },
  );
  return [
    text(LEFT, TOP - 18, title, 'class="title"'),
    ...y.ticks.map((tick) => rule(LEFT, y.at(tick), RIGHT, y.at(tick), 'grid')),
    ...y.ticks.map((tick) => text(LEFT - 8, y.at(tick) + 4, String(tick), 'class="small" text-anchor="end"')),
    ...apart([...new Set(xs)], x.at).map((value) =>
      text(x.at(value), BOTTOM + 18, String(value), 'class="small" text-anchor="middle"'),
    ),
    text((LEFT + RIGHT) / 2, BOTTOM + 34, xTitle, 'class="small" text-anchor="middle"'),
    ...(mark === null
      ? []
      : [
          rule(LEFT, y.at(mark.y), RIGHT, y.at(mark.y), 'mark'),
          text(LEFT + 6, y.at(mark.y) - 5, mark.label, 'class="small"'),
        ]),
    ...lines.map((line) => drawnLine(line, x.at, y.at)),
    ...lines.map(({ label, colour }, at) => {
      const [end, labelY = TOP] = [ends[at], labels[at]];
      if (end === undefined) return '';
      const leader = `<path d="M${place(x.at(end.x) + MARKER)} ${place(y.at(end.y))}L${LABEL_X - 6} ${place(labelY)}" fill="none" stroke="${colour}" stroke-width="0.7" stroke-dasharray="1 3"/>`;
      return `${leader}\n${text(LABEL_X, labelY + 4, label, `style="fill:${colour}"`)}`;
    }),
  ].join('\n');
}

function drawnLine(
  { colour, isDashed, isThick, points }: PlotLine,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${place(x(point.x))} ${place(y(point.y))}`);
  const dash = isDashed ? ' stroke-dasharray="6 4"' : '';
  return [
    ...points.flatMap(({ x: value, low, high }) =>
      low === undefined || high === undefined
        ? []
        : [
            `<path d="M${place(x(value))} ${place(y(low))}V${place(y(high))}" stroke="${colour}" stroke-width="1"/>`,
          ],
    ),
    `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="${isThick ? 3 : 1.6}"${dash}/>`,
    ...points.map(
      (point) =>
        `<circle cx="${place(x(point.x))}" cy="${place(y(point.y))}" r="${MARKER}" fill="${colour}"/>`,
    ),
  ].join('\n');
}

/** Those of the values whose ticks do not stand on each other, the least and the greatest among them. */
function apart(values: readonly number[], at: (value: number) => number): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const last = sorted.at(-1);
  const kept: number[] = [];
  for (const value of sorted) {
    const before = kept.at(-1);
    const isClear = before === undefined || at(value) - at(before) >= TICK_GAP;
    const isClearOfLast = last === undefined || value === last || at(last) - at(value) >= TICK_GAP;
    if (isClear && isClearOfLast) kept.push(value);
  }
  return kept;
}

function rule(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line class="${kind}" x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}"/>`;
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${place(x)}" y="${place(y)}" ${attributes}>${escaped(words)}</text>`;
}

function place(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
