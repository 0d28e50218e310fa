import type { StudioWorld } from '../state/studio-world.ts';
import type { Session } from './session.ts';

/** Opens a world with what the session knows. The Matrix client is loaded here, so that the page shows before it. */
export async function openWorldOf(session: Session): Promise<StudioWorld> {
  const { openWorld } = await import('@weft/world');
  const { homeserver } = session;
  const login =
    session.kind === 'token'
      ? { homeserver, token: session.token }
      : { homeserver, user: session.user, password: session.password };
  return openWorld(session.world, { login });
}
