import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseUserId, type UserId } from '@weft/core';
import { type Hello, helloBytes } from '@weft/protocol';
import type { TicketAnswer, TicketRequest } from '../../src/admission/ticket-office.ts';
import { newSessionKey, type SessionKey } from '../edge/session-key.ts';
import type { RelayAnswer, RelayCall, RelayReady, RelayValue } from './relay-call.ts';

const PROCESS = join(import.meta.dirname, 'relay-process.ts');

export const PLAZA = '!plaza:example.org';
export const GARDEN = '!garden:example.org';
export const ALICE = parseUserId('@alice:example.org');
export const BOB = parseUserId('@bob:example.org');
/** In both worlds, and no builder. */
export const VICTOR = parseUserId('@victor:example.org');
export const STRANGER = parseUserId('@stranger:example.org');
export const NONCE = 'a-nonce-of-22-letters-';

/** A relay to attack: everything of it is real but the homeserver, whose word the test speaks. */
export class AttackedRelay {
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly port: number;
  readonly #waiting = new Map<number, (value: RelayValue) => void>();
  #calls = 0;
  #errors = '';

  static async start(settings: Readonly<Record<string, object>> = {}): Promise<AttackedRelay> {
    const directory = await mkdtemp(join(tmpdir(), 'weft-attacked-'));
    const child = fork(PROCESS, [directory, JSON.stringify(settings)], {
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    const [ready]: RelayReady[] = await once(child, 'message');
    if (ready === undefined) throw new TypeError('the relay said nothing');
    return new AttackedRelay(child, directory, ready.port);
  }

  private constructor(child: ChildProcess, directory: string, port: number) {
    this.#child = child;
    this.#directory = directory;
    this.port = port;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    child.on('message', ({ id, value }: RelayAnswer) => {
      this.#waiting.get(id)?.(value);
      this.#waiting.delete(id);
    });
  }

  get url(): string {
    return `ws://localhost:${this.port}`;
  }

  get laneUrl(): string {
    return `${this.url}/v1/lane`;
  }

  get httpUrl(): string {
    return `http://localhost:${this.port}`;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What the relay said of defects of its own. */
  get errors(): string {
    return this.#errors;
  }

  async ask(request: Partial<TicketRequest> & { readonly key: string | null }): Promise<TicketAnswer> {
    const answer = await this.#call({ call: 'ticket', request: requestOf(request) });
    if (answer === null || typeof answer !== 'object' || !('ok' in answer)) throw new TypeError('no answer');
    return answer;
  }

  async ticket(key: SessionKey, user: UserId = ALICE, room = PLAZA): Promise<string> {
    const answer = await this.ask({ key: key.key, user, room });
    if (!answer.ok) throw new Error(answer.reason);
    return answer.ticket;
  }

  /** A hello that holds, unless it is changed. */
  async hello(user: UserId = ALICE, changes: Partial<Hello> = {}): Promise<Hello> {
    const key = newSessionKey();
    return this.signed(key, await this.ticket(key, user, changes.room), changes);
  }

  signed(key: SessionKey, ticket: string, changes: Partial<Hello> = {}, url = this.url): Hello {
    const { room = PLAZA, nonce = NONCE } = changes;
    return {
      ...{ type: 'hello', version: 1, former: [], position: null, setHash: null, mode: 'play' },
      ...{ actor: newActor(), room, nonce, ticket },
      signature: key.sign(helloBytes({ ticket, nonce, url, room })),
      ...changes,
    };
  }

  async kick(user: UserId): Promise<void> {
    await this.#call({ call: 'kick', user });
  }

  /** Resident bytes. */
  async memory(): Promise<number> {
    return Number(await this.#call({ call: 'memory' }));
  }

  /** Objects in the worlds, all told. */
  async applied(): Promise<number> {
    return Number(await this.#call({ call: 'applied' }));
  }

  /** How long requests for tickets take, in milliseconds: a median of so many for each. */
  async ticketTimes(requests: readonly Partial<TicketRequest>[], rounds: number): Promise<readonly number[]> {
    const whole = requests.map((request) => requestOf({ key: newSessionKey().key, ...request }));
    const times = await this.#call({ call: 'ticketTimes', requests: whole, rounds });
    return Array.isArray(times) ? times.map(Number) : [];
  }

  async stop(): Promise<void> {
    if (this.isAlive) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exit;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  #call(call: RelayCall): Promise<RelayValue> {
    this.#calls += 1;
    const id = this.#calls;
    const { promise, resolve } = Promise.withResolvers<RelayValue>();
    this.#waiting.set(id, resolve);
    this.#child.send({ id, ...call });
    return promise;
  }
}

function requestOf(request: Partial<TicketRequest> & { readonly key: string | null }): TicketRequest {
  return {
    ...{ user: ALICE, room: PLAZA, memberId: 'member', device: 'DEVICE', nonce: NONCE, purpose: 'lane' },
    ...request,
  };
}

let actors = 0;

function newActor(): Hello['actor'] {
  actors += 1;
  return `actor-${process.pid}-${actors}` as Hello['actor'];
}
