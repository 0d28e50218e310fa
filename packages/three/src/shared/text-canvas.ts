import type { Text } from '@weft/core';

/** The part of a 2D canvas that drawing text needs; a page gives a real one, Node gives none. */
export type MakeCanvas = (width: number, height: number) => HTMLCanvasElement | null;

export const pageCanvas: MakeCanvas = (width, height) => {
  if (typeof document === 'undefined') return null;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
};

/** Longer texts are cut with an ellipsis. */
export const MAX_TEXT_CHARACTERS = 600;
export const MAX_TEXT_LINES = 24;
const MAX_CANVAS_PIXELS = 2_048;
const LINE_PIXELS = 64;
const FONT = `500 ${LINE_PIXELS * 0.75}px system-ui, sans-serif`;

export interface DrawnText {
  readonly canvas: HTMLCanvasElement;
  readonly lines: number;
  /** Width divided by height. */
  readonly aspect: number;
}

/** Splits at line breaks and cuts what is too long; pure, so that the bounds can be tested. */
export function textLines(text: string): readonly string[] {
  const cut = text.length > MAX_TEXT_CHARACTERS ? `${text.slice(0, MAX_TEXT_CHARACTERS - 1)}…` : text;
  return cut.split(/\r?\n/).slice(0, MAX_TEXT_LINES);
}

/** Texts with equal keys look the same, but for their size. */
export function textKey({ value, color, align }: Text): string {
  return `${align} ${color} ${value}`;
}

/** @returns `null` where there is no canvas to draw on, or nothing to draw */
export function drawText({ value, color, align }: Text, makeCanvas: MakeCanvas): DrawnText | null {
  const lines = textLines(value);
  if (lines.every((line) => line.trim() === '')) return null;
  const ruler = makeCanvas(1, 1)?.getContext('2d');
  if (!ruler) return null;
  ruler.font = FONT;
  const widest = Math.max(...lines.map((line) => ruler.measureText(line).width));
  const width = Math.min(MAX_CANVAS_PIXELS, Math.max(LINE_PIXELS, Math.ceil(widest)));
  const canvas = makeCanvas(width, lines.length * LINE_PIXELS);
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return null;
  context.font = FONT;
  context.fillStyle = color;
  context.textAlign = align;
  context.textBaseline = 'middle';
  const anchor = { left: 0, center: width / 2, right: width }[align];
  lines.forEach((line, row) => {
    context.fillText(line, anchor, (row + 0.5) * LINE_PIXELS, width);
  });
  return { canvas, lines: lines.length, aspect: width / canvas.height };
}
