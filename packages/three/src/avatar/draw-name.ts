import type { MakeCanvas } from '../shared/text-canvas.ts';

const MAX_NAME_CHARACTERS = 24;
const HEIGHT_PIXELS = 56;
const PADDING_PIXELS = 18;
const DOT_PIXELS = 9;
const GAP_PIXELS = 12;
const FONT = `600 ${HEIGHT_PIXELS * 0.58}px system-ui, sans-serif`;
// Light letters on dark stand out from any sky and any floor.
const GROUND = 'rgba(18, 21, 27, 0.82)';
const LETTERS = '#ffffff';

/** A name on a plate, with a dot in the colour of its user. @returns `null` where there is no canvas to draw on, or no name */
export function drawName(name: string, colour: string, makeCanvas: MakeCanvas): HTMLCanvasElement | null {
  // One line, whatever is in it.
  const line = name.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  const text =
    characters.length > MAX_NAME_CHARACTERS
      ? `${characters.slice(0, MAX_NAME_CHARACTERS - 1).join('')}…`
      : line;
  const ruler = makeCanvas(1, 1)?.getContext('2d');
  if (text === '' || !ruler) return null;
  ruler.font = FONT;
  const start = PADDING_PIXELS + 2 * DOT_PIXELS + GAP_PIXELS;
  const width = Math.ceil(start + ruler.measureText(text).width + PADDING_PIXELS);
  const canvas = makeCanvas(width, HEIGHT_PIXELS);
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return null;
  const middle = HEIGHT_PIXELS / 2;
  context.fillStyle = GROUND;
  context.beginPath();
  context.roundRect(0, 0, width, HEIGHT_PIXELS, middle);
  context.fill();
  context.fillStyle = colour;
  context.beginPath();
  context.arc(PADDING_PIXELS + DOT_PIXELS, middle, DOT_PIXELS, 0, 2 * Math.PI);
  context.fill();
  context.font = FONT;
  context.fillStyle = LETTERS;
  context.textBaseline = 'middle';
  context.fillText(text, start, middle + 2);
  return canvas;
}
