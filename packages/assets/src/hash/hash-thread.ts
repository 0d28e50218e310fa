import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { unreachable } from '@weft/core';
import type { HashAnswer, HashCall } from './hash-call.ts';

/** The thread that hashes, so that the one that downloads does not. */
const hashes = new Map<number, Hash>();

parentPort?.on('message', (call: HashCall) => {
  const { id } = call;
  switch (call.call) {
    case 'update': {
      const hash = hashes.get(id) ?? createHash('sha256');
      hashes.set(id, hash.update(call.bytes));
      return;
    }
    case 'digest': {
      const answer: HashAnswer = { id, sha256: (hashes.get(id) ?? createHash('sha256')).digest('hex') };
      hashes.delete(id);
      parentPort?.postMessage(answer);
      return;
    }
    case 'drop':
      hashes.delete(id);
      return;
    default:
      unreachable(call);
  }
});
