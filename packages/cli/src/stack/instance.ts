import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Type, { type Static } from 'typebox';
import { readJson, writeJson } from './json-file.ts';
import type { InstancePaths } from './paths.ts';
import { findFreePort, isPortFree } from './ports.ts';
import type { OnProgress } from './progress.ts';
import { type RelayAddress, relayAddress } from './relay-address.ts';
import { type FederationConfig, logConfig, type RateLimits, synapseConfig } from './synapse-config.ts';

const InstanceFile = Type.Object({
  serverName: Type.String({ pattern: '^localhost:[0-9]{1,5}$' }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  /** Absent in instances that were made before there were relays. */
  relayPort: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
});

const Secrets = Type.Object({
  registration: Type.String({ minLength: 32 }),
  macaroon: Type.String({ minLength: 32 }),
  form: Type.String({ minLength: 32 }),
});

/** What an instance is started with, this time. */
export interface InstanceSettings {
  readonly rateLimits: RateLimits;
  readonly stateAfter: boolean;
  readonly rtcDrafts: boolean;
  readonly federation: FederationConfig | null;
  readonly appservices: readonly string[];
}

export interface Instance {
  readonly serverName: string;
  readonly port: number;
  readonly relay: RelayAddress;
  readonly registrationSecret: string;
}

const SECRET_BYTES = 32;
const SIGNING_KEY_BYTES = 32;
const PRIVATE_FOLDER_MODE = 0o700;
const PRIVATE_MODE = 0o600;

/** Forgets everything the instance holds but who runs it. */
export async function eraseInstance(paths: InstancePaths): Promise<void> {
  const kept = new Set([basename(paths.running), basename(paths.lock)]);
  for (const entry of await readdir(paths.folder)) {
    if (!kept.has(entry)) await rm(join(paths.folder, entry), { recursive: true, force: true });
  }
}

/**
 * Makes the instance if there is none and writes its configuration. The server name is chosen once, since every user,
 * room and media id carries it; the port is kept while it is free, and another one is taken and named when it is not.
 */
export async function prepareInstance(
  paths: InstancePaths,
  settings: InstanceSettings,
  onProgress: OnProgress,
): Promise<Instance> {
  await mkdir(paths.media, { recursive: true });
  await chmod(paths.folder, PRIVATE_FOLDER_MODE);
  const known = await readJson(paths.instance, InstanceFile);
  const { serverName, port } = await settlePort(known, settings.federation, onProgress);
  const relay = relayAddress(serverName, await settleRelayPort(known?.relayPort));
  const secrets = (await readJson(paths.secrets, Secrets)) ?? newSecrets();
  await writeJson(paths.secrets, secrets);
  await writeJson(paths.instance, { serverName, port, relayPort: relay.port });
  if (!existsSync(paths.signingKey)) {
    const seed = randomBytes(SIGNING_KEY_BYTES).toString('base64').replaceAll('=', '');
    await writeFile(paths.signingKey, `ed25519 a_${randomBytes(2).toString('hex')} ${seed}\n`, {
      mode: PRIVATE_MODE,
    });
  }
  await writeJson(paths.logConfig, logConfig(paths.log));
  const config = synapseConfig({
    paths,
    serverName,
    port,
    ...settings,
    transports: [relay.transport],
    registrationSecret: secrets.registration,
    macaroonSecret: secrets.macaroon,
    formSecret: secrets.form,
  });
  await writeJson(paths.config, config);
  return { serverName, port, relay, registrationSecret: secrets.registration };
}

async function settlePort(
  known: Static<typeof InstanceFile> | undefined,
  federation: FederationConfig | null,
  onProgress: OnProgress,
): Promise<{ readonly serverName: string; readonly port: number }> {
  if (known !== undefined && (await isPortFree(known.port))) return known;
  const port = await findFreePort();
  if (known === undefined) return { serverName: `localhost:${federation?.namePort ?? port}`, port };
  onProgress({
    step: 'notice',
    message: `port ${known.port} is taken by another program; the homeserver ${known.serverName} listens on ${port} from now on`,
  });
  return { serverName: known.serverName, port };
}

// Nothing outside this instance remembers it: worlds are told of another address at the next start.
async function settleRelayPort(known: number | undefined): Promise<number> {
  return known !== undefined && (await isPortFree(known)) ? known : findFreePort();
}

function newSecrets(): Static<typeof Secrets> {
  const secret = () => randomBytes(SECRET_BYTES).toString('base64url');
  return { registration: secret(), macaroon: secret(), form: secret() };
}
