import { execFile } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  findFreePort,
  findPython,
  instancePaths,
  type OnProgress,
  startGuardedProgram,
  untilAnswers,
} from '@weft/cli/stack';
import { GoProgramError } from '../go-program/go-program-error.ts';
import { newTestInstance } from '../test-instance.ts';
import { WEFT_DIRECTORY } from '../weft-directory.ts';
import { buildKubo } from './build-kubo.ts';

export interface KuboOptions {
  /** Addresses of delegated routers: it asks them who has what, and whomever they name for it. Default: it asks nobody. */
  readonly routers?: readonly string[];
  /** Certificates in PEM that it trusts in place of those of this machine. */
  readonly authorities?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A real IPFS node on this machine that talks to no other, but for whom its routers name. */
export interface KuboServer {
  /** Its RPC, which may do everything. */
  readonly rpcUrl: string;
  /** Its gateway, which gives what it has. */
  readonly gatewayUrl: string;
  /** Runs its own command line, such as `add --quieter FILE`, and returns what that prints, without the last line break. */
  ipfs(...args: readonly string[]): Promise<string>;
  /** Writes a file that the command line can read. @returns its path */
  file(name: string, bytes: Uint8Array): Promise<string>;
  /** Stops it and forgets what it held. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const LOCK_WAIT_S = 15;
/** How long its gateway looks for what it has not got. */
const RETRIEVAL_TIMEOUT = '4s';
const BOOT_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const TAIL_CHARACTERS = 2000;
/** The empty block, which a gateway has without having anything. */
const PROBE = '/ipfs/bafkqaaa?format=raw';

/** Starts a Kubo, built first where it is missing; about 2 s. @throws GoProgramError, StackError */
export async function startKubo(options: KuboOptions = {}): Promise<KuboServer> {
  const program = await buildKubo(options);
  const python = await findPython();
  const { folder } = instancePaths(WEFT_DIRECTORY, await newTestInstance());
  const log = join(folder, 'kubo.log');
  await mkdir(folder, { recursive: true });
  const { routers = [], authorities } = options;
  const certificates = join(folder, 'authorities.pem');
  const env = {
    ...process.env,
    IPFS_PATH: join(folder, 'repo'),
    IPFS_TELEMETRY: 'off',
    // Read by Go in place of what the machine trusts.
    ...(authorities === undefined ? {} : { SSL_CERT_FILE: certificates }),
  };
  const ipfs = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(program, args, { env, maxBuffer: MAX_OUTPUT_BYTES });
    return stdout.trimEnd();
  };
  const [rpcPort, gatewayPort] = [await findFreePort(), await findFreePort()];
  try {
    await ipfs('init', '--profile=test');
    await ipfs('config', 'Addresses.API', `/ip4/${LOOPBACK}/tcp/${rpcPort}`);
    await ipfs('config', 'Addresses.Gateway', `/ip4/${LOOPBACK}/tcp/${gatewayPort}`);
    if (authorities !== undefined) await writeFile(certificates, authorities);
    await ipfs('config', 'Gateway.RetrievalTimeout', RETRIEVAL_TIMEOUT);
    await ipfs('config', '--json', 'Routing.DelegatedRouters', JSON.stringify(routers));
    const output = await open(log, 'a');
    const child = await startGuardedProgram({
      python: python.file,
      lock: join(folder, 'lock'),
      lockWaitS: LOCK_WAIT_S,
      file: program,
      args: routers.length > 0 ? ['daemon'] : ['daemon', '--offline'],
      env,
      output: output.fd,
    }).finally(() => output.close());
    const gatewayUrl = `http://${LOOPBACK}:${gatewayPort}`;
    const { signal } = options;
    const awaited = { url: gatewayUrl, path: PROBE, child, deadlineMs: BOOT_DEADLINE_MS, signal };
    const outcome = await untilAnswers(awaited);
    if (outcome !== 'answers') {
      await child.stop(STOP_GRACE_MS);
      if (outcome === 'aborted') throw new GoProgramError('aborted', 'Starting Kubo was interrupted.');
      const words = (await readFile(log, 'utf8')).slice(-TAIL_CHARACTERS);
      throw new GoProgramError('boot-failed', `Kubo did not start. Its last words:\n${words}`);
    }
    return {
      ...{ rpcUrl: `http://${LOOPBACK}:${rpcPort}`, gatewayUrl, ipfs },
      async file(name, bytes) {
        const path = join(folder, name);
        await writeFile(path, bytes);
        return path;
      },
      async stop() {
        await child.stop(STOP_GRACE_MS);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
