import { randomBytes } from 'node:crypto';
import { copyFile, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Accounts,
  findFreePort,
  type GuardedProcess,
  type OnProgress,
  type RateLimits,
  startGuardedProgram,
  untilAnswers,
} from '@weft/cli/stack';
import { GoProgramError } from '../../go-program/go-program-error.ts';
import { WEFT_DIRECTORY } from '../../weft-directory.ts';
import type { Certificate } from '../certificate.ts';
import type { FederatedServer } from '../federated-server.ts';
import { Gate } from '../gate.ts';
import { buildDendrite } from './build-dendrite.ts';
import { dendriteConfig, signingKeyFile } from './dendrite-config.ts';

export interface DendriteServerOptions {
  readonly python: string;
  readonly certificate: Certificate;
  /** Exists; holds all that the server writes. */
  readonly folder: string;
  readonly rateLimits: RateLimits;
  /** What its log is called that stays in `.weft`. */
  readonly logName: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const LOOPBACK = '127.0.0.1';
const SECRET_BYTES = 32;
const PRIVATE_MODE = 0o600;
const LOCK_WAIT_S = 15;
const BOOT_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const TAIL_CHARACTERS = 2000;

/** Starts a Dendrite behind a gate, built first where it is missing; about 2 s. @throws GoProgramError */
export async function startDendriteServer(options: DendriteServerOptions): Promise<FederatedServer> {
  const program = await buildDendrite(options);
  const { folder, rateLimits, logName } = options;
  const files = {
    config: join(folder, 'dendrite.yaml'),
    signingKey: join(folder, 'signing.pem'),
    log: join(folder, 'dendrite.log'),
  };
  const gate = await Gate.listen();
  const registrationSecret = randomBytes(SECRET_BYTES).toString('base64url');
  const config = dendriteConfig({
    folder,
    serverName: `localhost:${gate.port}`,
    signingKey: files.signingKey,
    rateLimits,
    registrationSecret,
  });
  try {
    await writeFile(files.config, JSON.stringify(config), { mode: PRIVATE_MODE });
    await writeFile(files.signingKey, signingKeyFile('weft', randomBytes(SECRET_BYTES)), {
      mode: PRIVATE_MODE,
    });
    const clientPort = await findFreePort();
    const federationPort = await findFreePort();
    const url = `http://${LOOPBACK}:${clientPort}`;
    const boot = () => bootDendrite({ ...options, program, files, clientPort, federationPort, url });
    gate.leadTo(federationPort);
    let child = await boot();
    const accounts = new Accounts({
      homeserver: url,
      registrationSecret,
      file: join(folder, 'accounts.json'),
    });
    return {
      software: 'dendrite',
      name: `localhost:${gate.port}`,
      url,
      gate,
      account: (name) => accounts.get(name),
      kill: () => child.kill(),
      async restart() {
        await child.stop(STOP_GRACE_MS);
        child = await boot();
      },
      async stop() {
        await child.stop(STOP_GRACE_MS);
        await copyFile(files.log, join(WEFT_DIRECTORY, `${logName}.log`));
        await gate.remove();
      },
    };
  } catch (error) {
    await gate.remove();
    throw error;
  }
}

interface Boot extends DendriteServerOptions {
  readonly program: string;
  readonly files: { readonly config: string; readonly log: string };
  readonly clientPort: number;
  readonly federationPort: number;
  readonly url: string;
}

async function bootDendrite(boot: Boot): Promise<GuardedProcess> {
  const { python, certificate, folder, program, files, clientPort, federationPort, url, signal } = boot;
  const log = await open(files.log, 'a', PRIVATE_MODE);
  const child = await startGuardedProgram({
    python,
    lock: join(folder, 'lock'),
    lockWaitS: LOCK_WAIT_S,
    file: program,
    args: [
      ...['-config', files.config],
      ...['-http-bind-address', `${LOOPBACK}:${clientPort}`],
      ...['-https-bind-address', `${LOOPBACK}:${federationPort}`],
      ...['-tls-cert', certificate.certificate, '-tls-key', certificate.privateKey],
    ],
    env: process.env,
    output: log.fd,
  }).finally(() => log.close());
  const outcome = await untilAnswers({ url, child, deadlineMs: BOOT_DEADLINE_MS, signal });
  if (outcome === 'answers') return child;
  await child.stop(STOP_GRACE_MS);
  if (outcome === 'aborted') throw new GoProgramError('aborted', 'Starting Dendrite was interrupted.');
  const words = (await readFile(files.log, 'utf8')).slice(-TAIL_CHARACTERS);
  throw new GoProgramError('boot-failed', `Dendrite did not start. Its last words:\n${words}`);
}
