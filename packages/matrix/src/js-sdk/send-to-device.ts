import { Method } from 'matrix-js-sdk';
import type { ToDeviceMessage } from '../to-device.ts';
import type { Ask } from './call.ts';

/** `PUT /sendToDevice`: one request for all that is said under one type. */
export async function sendToDevice(
  ask: Ask,
  type: string,
  messages: readonly ToDeviceMessage[],
  transaction: string,
): Promise<void> {
  const byUser = new Map<string, Map<string, object>>();
  for (const { user, device, content } of messages) {
    const devices = byUser.get(user) ?? new Map<string, object>();
    byUser.set(user, devices.set(device, content));
  }
  const body = {
    messages: Object.fromEntries([...byUser].map(([user, devices]) => [user, Object.fromEntries(devices)])),
  };
  await ask({
    what: `send ${type} to ${[...byUser.keys()].join(', ')}`,
    method: Method.Put,
    path: `/sendToDevice/${encodeURIComponent(type)}/${encodeURIComponent(transaction)}`,
    body,
  });
}
