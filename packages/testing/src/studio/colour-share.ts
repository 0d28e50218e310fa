import type { Page } from 'playwright-core';

/** How grey a pixel may be to count as coloured at all: the greatest channel less the smallest, of 255. */
const MIN_CHROMA = 40;
/** How far its hue may be from the one that is looked for, in degrees: lights and fog change it a little. */
const MAX_HUE_DEGREES = 22;

/** Which share of the view is of the hue of a colour, as people see the page now: 0 to 1. */
export async function colourShare(page: Page, colour: string): Promise<number> {
  const png = (await page.locator('main canvas').screenshot()).toString('base64');
  return page.evaluate(
    async ({ base64, wanted, minChroma, maxDegrees }) => {
      const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
      const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      context?.drawImage(picture, 0, 0);
      const { data = [] } = context?.getImageData(0, 0, picture.width, picture.height) ?? {};
      const hueOf = (red: number, green: number, blue: number): number =>
        (Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue) * 180) / Math.PI;
      const channels = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
      const hue = hueOf(channels[0] ?? 0, channels[1] ?? 0, channels[2] ?? 0);
      let found = 0;
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
        if (Math.max(red, green, blue) - Math.min(red, green, blue) < minChroma) continue;
        const away = Math.abs(hueOf(red, green, blue) - hue) % 360;
        if (Math.min(away, 360 - away) <= maxDegrees) found += 1;
      }
      return found / (data.length / 4);
    },
    { base64: png, wanted: colour, minChroma: MIN_CHROMA, maxDegrees: MAX_HUE_DEGREES },
  );
}
