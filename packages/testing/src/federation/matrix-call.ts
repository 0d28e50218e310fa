import type { Account } from '@weft/cli/stack';

/** One request to the client-server API, as this user; fails where the answer is no success. */
export async function matrixCall(
  { homeserver, token }: Account,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${homeserver}/_matrix/client/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: Record<string, unknown> = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** The path of a state event of a room. */
export function statePath(room: string, type: string, key = ''): string {
  return `/rooms/${[room, 'state', type, key].map(encodeURIComponent).join('/')}`;
}
