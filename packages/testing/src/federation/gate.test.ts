import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Gate } from './gate.ts';

const HOST = '127.0.0.1';

let server: Server;
let gate: Gate;
const callers: Socket[] = [];

/** A server that says everything back. */
beforeEach(async () => {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  gate = await Gate.listen();
  gate.leadTo(typeof address === 'object' && address !== null ? address.port : 0);
});

afterEach(async () => {
  for (const caller of callers.splice(0)) caller.destroy();
  await gate.remove();
  server.close();
});

async function call(): Promise<Socket> {
  const socket = connect({ port: gate.port, host: HOST });
  callers.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function answer(socket: Socket, text: string): Promise<string> {
  const heard = once(socket, 'data');
  socket.write(text);
  return String((await heard)[0]);
}

function cut(socket: Socket): Promise<unknown> {
  return once(socket, 'error').then(([error]) => error.code);
}

describe('a gate', () => {
  test('passes bytes on, both ways, to the end', async () => {
    const socket = await call();
    expect(await answer(socket, 'hello')).toBe('hello');
    const ended = once(socket, 'end');
    socket.end('bye');
    expect(String((await once(socket, 'data'))[0])).toBe('bye');
    await ended;
    expect(gate.passed).toBe(1);
  });

  test('cuts calls off and refuses new ones while it is refusing', async () => {
    const before = await call();
    expect(await answer(before, 'a')).toBe('a');
    const isCut = cut(before);
    gate.close('refusing');
    expect(await isCut).toBe('ECONNRESET');
    const during = connect({ port: gate.port, host: HOST });
    callers.push(during);
    expect(await cut(during)).toBe('ECONNRESET');
    gate.open();
    expect(await answer(await call(), 'b')).toBe('b');
    expect(gate.passed).toBe(2);
  });

  test('says nothing while it is silent, and goes on with all of it when it opens', async () => {
    const before = await call();
    expect(await answer(before, 'a')).toBe('a');
    gate.close('silent');
    const during = await call();
    const heard: string[] = [];
    for (const socket of [before, during]) socket.on('data', (data) => heard.push(String(data)));
    const answers = [once(before, 'data'), once(during, 'data')];
    before.write('b');
    during.write('c');
    // Another way to the same server proves that there was time for an answer.
    const address = server.address();
    const direct = connect({
      port: typeof address === 'object' && address !== null ? address.port : 0,
      host: HOST,
    });
    callers.push(direct);
    await once(direct, 'connect');
    expect(await answer(direct, 'd')).toBe('d');
    expect(heard).toEqual([]);
    gate.open();
    await Promise.all(answers);
    expect(heard.sort()).toEqual(['b', 'c']);
  });

  test('refuses where it leads nowhere, and where nobody listens behind it', async () => {
    const lost = await Gate.listen();
    const first = connect({ port: lost.port, host: HOST });
    callers.push(first);
    expect(await cut(first)).toBe('ECONNRESET');
    // The gate's own port is free again once it is removed, and nobody listens there.
    const nobody = await Gate.listen();
    await nobody.remove();
    lost.leadTo(nobody.port);
    const second = connect({ port: lost.port, host: HOST });
    callers.push(second);
    expect(await cut(second)).toBe('ECONNRESET');
    await lost.remove();
  });
});
