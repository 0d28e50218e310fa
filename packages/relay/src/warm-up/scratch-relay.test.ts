import { systemTimers } from '@weft/matrix';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { ScratchRelay } from './scratch-relay.ts';

const { bytes } = new SeededRandom('scratch-relay');

function refusalAt(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    socket.on('open', () => resolve(undefined));
  });
}

test('[LA2] whoever does not know the path of a scratch relay finds nothing there', async () => {
  const relay = await ScratchRelay.open({ parts: [], timers: systemTimers, random: bytes });
  const { origin, host } = new URL(relay.url);
  expect(await refusalAt(`${origin}/v1/lane`)).toBe(404);
  expect((await fetch(`http://${host}/metrics`)).status).toBe(404);
  await relay.close();
});
