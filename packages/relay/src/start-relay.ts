import { join } from 'node:path';
import type { RandomBytes } from '@weft/core';
import { connectHomeserver, type HomeserverLogin, systemTimers } from '@weft/matrix';
import { ThreadPlace } from '@weft/store/thread';
import type { RelayConfig, RelaySecrets } from './config/relay-config.ts';
import { documentPart } from './document/document-part.ts';
import { RelayAccount } from './matrix/relay-account.ts';
import { motionPart } from './motion/motion-part.ts';
import { nodeMotion } from './motion/node-motion.ts';
import { openRelay, type Relay } from './open-relay.ts';
import { presencePart } from './presence/presence-part.ts';
import { createRelayLog } from './server/relay-log.ts';
import { warmUp } from './warm-up/warm-up.ts';

export interface StartRelayOptions {
  readonly config: RelayConfig;
  readonly secrets: RelaySecrets;
  /** Takes one line of the log, with its end: JSON, as pino writes it. */
  readonly writeLog: (line: string) => void;
  /** Gives up while the homeserver does not answer. */
  readonly signal?: AbortSignal;
}

const SALT_BYTES = 16;
const FILES_DIRECTORY = 'files';
/** The device of a relay that is an application service: one relay, one registration. */
const SERVICE_DEVICE = 'WEFT_RELAY';

/**
 * Runs a relay as a configuration says: signs in, opens its journals, listens, and follows its worlds, which come in one
 * by one.
 *
 * @throws HomeserverError where it cannot sign in; StoreError `busy` where another relay has the journal's directory; the
 * error of `listen`, such as EADDRINUSE. Nothing runs on then.
 */
export async function startRelay({ config, secrets, writeLog, signal }: StartRelayOptions): Promise<Relay> {
  const random: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
  const timers = systemTimers;
  const log = createRelayLog({ ...config.log, salt: random(SALT_BYTES), write: writeLog });
  const homeserver = await connectHomeserver(loginOf(config, secrets), {
    ...{ timers, random },
    ...(signal === undefined ? {} : { signal }),
  });
  const parts = [documentPart(config.documents), presencePart(), motionPart(nodeMotion, config.motion)];
  try {
    const relay = await openRelay({
      ...{ config, secrets, timers, random, log, parts },
      userId: homeserver.userId,
      place: new ThreadPlace(config.journal.directory),
      filesPlace: new ThreadPlace(join(config.journal.directory, FILES_DIRECTORY)),
      follow: ({ config: worlds, issue, rooms, revoke }) =>
        RelayAccount.open({ homeserver, worlds, rooms, office: { issue }, revoke, timers, random, log }),
    });
    // Nobody waits for it: those who were on a relay that was killed are back before it is over, and end it.
    const { warmUpMs } = config.limits;
    warmUp({ maxMs: warmUpMs, isNeeded: () => relay.isIdle, parts, timers, random, log }).catch(
      (error: unknown) => log.error({ err: error }, 'the warm-up did not end as it should'),
    );
    return relay;
  } catch (error) {
    homeserver.stop();
    throw error;
  }
}

function loginOf(
  { homeserver }: RelayConfig,
  { token, password, appservice }: RelaySecrets,
): HomeserverLogin {
  const { url, user } = homeserver;
  if (appservice !== null) return { url, appservice: { ...appservice, device: SERVICE_DEVICE } };
  // Where both are there, the token: signing in anew would make one more device.
  return token === null ? { url, user, password: password ?? '' } : { url, token };
}
