import { describe, expect, test } from 'vitest';
import { synapse } from '../src/synapse/shared-synapse.ts';
import { startTestStack } from '../src/synapse/test-stack.ts';

const BURST_BEYOND_STOCK = 15;

async function sendMessages(homeserver: string, token: string): Promise<number[]> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const created = await fetch(`${homeserver}/_matrix/client/v3/createRoom`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  const { room_id: room } = (await created.json()) as { room_id: string };
  const statuses: number[] = [];
  for (let sent = 0; sent < BURST_BEYOND_STOCK; sent += 1) {
    const url = `${homeserver}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${sent}`;
    const body = JSON.stringify({ msgtype: 'm.text', body: 'x' });
    statuses.push((await fetch(url, { method: 'PUT', headers, body })).status);
  }
  return statuses;
}

describe('the shared Synapse', () => {
  test('makes users that are nobody else’s and lets them work without limits', async () => {
    const { homeserverUrl, account } = await synapse();
    const [first, second] = await Promise.all([account('ada'), account('ada')]);
    expect(first.userId).not.toBe(second.userId);
    expect(first.homeserver).toBe(homeserverUrl);
    expect(await sendMessages(homeserverUrl, first.token)).toEqual(Array(BURST_BEYOND_STOCK).fill(200));
  });

  test('a separate one has the limits that an operator gets who configures none', async () => {
    const { stack, stop } = await startTestStack({ rateLimits: 'stock' });
    try {
      const { token } = await stack.account('ada');
      expect(await sendMessages(stack.homeserverUrl, token)).toContain(429);
    } finally {
      await stop();
    }
  });
});
