import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * `open`: calls pass. `refusing`: calls are refused and those under way cut off, as by a firewall. `silent`: nothing
 * passes and nobody is told, as when a cable is pulled; what was under way goes on when the gate opens again.
 */
export type GateState = 'open' | 'refusing' | 'silent';

const LOOPBACK = '127.0.0.1';

/**
 * The door through which other homeservers call one: it listens on the port of that server's name and passes bytes on
 * to where the server really listens. Closing it cuts calls to that server; its own calls go out as ever.
 */
export class Gate {
  readonly port: number;
  readonly #server: Server;
  readonly #calls = new Set<Call>();
  #targetPort: number | null = null;
  #state: GateState = 'open';
  #passed = 0;

  /** On a free port of the loopback address. */
  static async listen(): Promise<Gate> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, LOOPBACK, resolve);
    });
    return new Gate(server);
  }

  private constructor(server: Server) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('A gate needs a port.');
    this.port = address.port;
    this.#server = server;
    server.on('connection', (caller) => this.#take(caller));
  }

  get state(): GateState {
    return this.#state;
  }

  /** Calls that were let through so far. */
  get passed(): number {
    return this.#passed;
  }

  /** Where the server behind the gate listens. */
  leadTo(port: number): void {
    this.#targetPort = port;
  }

  open(): void {
    this.#state = 'open';
    for (const call of [...this.#calls]) this.#pass(call);
  }

  close(how: 'refusing' | 'silent'): void {
    this.#state = how;
    for (const call of [...this.#calls]) {
      if (how === 'refusing') this.#end(call);
      else call.hold();
    }
  }

  /** Ends for good. */
  async remove(): Promise<void> {
    this.close('refusing');
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #take(caller: Socket): void {
    const call = new Call(caller);
    this.#calls.add(call);
    call.onEnd(() => this.#calls.delete(call));
    if (this.#state === 'refusing') this.#end(call);
    if (this.#state === 'open') this.#pass(call);
  }

  #pass(call: Call): void {
    if (this.#targetPort === null) {
      this.#end(call);
      return;
    }
    if (!call.isConnected) this.#passed += 1;
    call.pass(this.#targetPort);
  }

  #end(call: Call): void {
    // Not only once its sockets are closed: a gate that opens again right away must not let it through.
    this.#calls.delete(call);
    call.end();
  }
}

/** One connection through the gate: two sockets, and bytes between them while it is let through. */
class Call {
  readonly #caller: Socket;
  #callee: Socket | null = null;

  constructor(caller: Socket) {
    this.#caller = caller;
    caller.on('error', () => this.end());
  }

  get isConnected(): boolean {
    return this.#callee !== null;
  }

  onEnd(listener: () => void): void {
    this.#caller.once('close', () => {
      this.#callee?.destroy();
      listener();
    });
  }

  pass(port: number): void {
    this.#callee ??= this.#connect(port);
    this.#caller.pipe(this.#callee);
    this.#callee.pipe(this.#caller);
  }

  hold(): void {
    for (const socket of [this.#caller, this.#callee]) {
      socket?.unpipe();
      socket?.pause();
    }
  }

  end(): void {
    this.#caller.resetAndDestroy();
    this.#callee?.resetAndDestroy();
  }

  #connect(port: number): Socket {
    const callee = connect({ port, host: LOOPBACK, allowHalfOpen: true });
    callee.on('error', () => this.end());
    callee.once('close', () => this.#caller.destroy());
    return callee;
  }
}
