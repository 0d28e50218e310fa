import { join } from 'node:path';
import { type Account, type Stack, startStack } from '@weft/cli/stack';

/** One instance for each limit, so that neither changes under the other's users. */
const INSTANCE = { relaxed: 'bench', stock: 'bench-stock' } as const;

/** The homeserver that benchmarks run on: it keeps its worlds from run to run, so that only the first one writes them. */
export function startBenchHomeserver(
  root: string,
  options: {
    readonly progress: (line: string) => void;
    readonly signal: AbortSignal;
    /** Default `relaxed`. */
    readonly rateLimits?: keyof typeof INSTANCE;
  },
): Promise<Stack> {
  const { rateLimits = 'relaxed' } = options;
  return startStack({
    directory: join(root, '.weft'),
    instance: INSTANCE[rateLimits],
    rateLimits,
    signal: options.signal,
    onProgress: ({ message, fraction }) => {
      if (fraction === undefined || fraction === 0 || fraction === 1) options.progress(message);
    },
  });
}

/** A session on a device that the homeserver has not seen, so that no answer of an earlier one can be repeated. */
export async function newSession(account: Account): Promise<{ token: string; end: () => Promise<void> }> {
  const body = {
    type: 'm.login.password',
    identifier: { type: 'm.id.user', user: account.userId },
    password: account.password,
  };
  const base = `${account.homeserver}/_matrix/client/v3`;
  const response = await fetch(`${base}/login`, { method: 'POST', body: JSON.stringify(body) });
  const answer: unknown = await response.json();
  const token: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'access_token') : null;
  if (typeof token !== 'string') throw new Error(`login: ${response.status} ${JSON.stringify(answer)}`);
  const end = async (): Promise<void> => {
    await fetch(`${base}/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  };
  return { token, end };
}
