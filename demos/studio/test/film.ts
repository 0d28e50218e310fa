import type { Page } from 'playwright-core';

/** A film of upright stripes of these colours side by side, recorded by the page itself. */
export async function film(page: Page, colours: readonly string[]): Promise<Uint8Array> {
  const base64 = await page.evaluate(async (stripes) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [128, 64];
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    const ended = new Promise((done) => recorder.addEventListener('stop', done));
    recorder.start();
    const width = canvas.width / stripes.length;
    for (let at = 0; at < 12; at += 1) {
      if (context !== null) {
        for (const [stripe, colour] of stripes.entries()) {
          context.fillStyle = colour;
          context.fillRect(stripe * width, 0, width, canvas.height);
        }
        // A recorder leaves out what is like the frame before.
        context.fillStyle = at % 2 === 0 ? '#000' : '#111';
        context.fillRect(0, 0, 1, 1);
      }
      await new Promise((next) => requestAnimationFrame(next));
    }
    await new Promise((next) => setTimeout(next, 500));
    recorder.stop();
    await ended;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  }, colours);
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
