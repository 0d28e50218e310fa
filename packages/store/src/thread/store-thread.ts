import { parentPort, workerData } from 'node:worker_threads';
import { DirectoryPlace } from '../sqlite/directory-place.ts';
import { type StoreError, storeErrorOf } from '../store-error.ts';
import type { WorldStore } from '../world-store.ts';
import type { ThreadAnswer, ThreadCall, ThreadData, ThreadError, ThreadRequest } from './thread-call.ts';

/** The thread that waits for the disk, so that the one that asks does not. */
const { directory, options }: ThreadData = workerData;
const place = new DirectoryPlace(directory, options);
const stores = new Map<number, WorldStore>();
let opened = 0;

parentPort?.on('message', ({ id, call }: ThreadRequest) => {
  // Started in order, and each store does one thing after the other.
  carryOut(call).then(
    (value) => answer({ id, value }),
    (error: unknown) => answer({ id, error: plainError(storeErrorOf(call.call, error)) }),
  );
});

async function carryOut(call: ThreadCall): Promise<unknown> {
  switch (call.call) {
    case 'open': {
      const store = await place.open(call.name);
      opened += 1;
      stores.set(opened, store);
      return opened;
    }
    case 'setAside':
      return place.setAside(call.name);
    case 'recall':
      return place.recall(call.name);
    case 'remember':
      return place.remember(call.name, call.text);
    case 'read':
      return stores.get(call.store)?.read(call.key);
    case 'readAll':
      return stores.get(call.store)?.readAll(call.key);
    case 'keys':
      return stores.get(call.store)?.keys(call.key);
    case 'write':
      return stores.get(call.store)?.write(call.change);
    case 'close': {
      const store = stores.get(call.store);
      stores.delete(call.store);
      return store?.close();
    }
  }
}

function answer(message: ThreadAnswer): void {
  parentPort?.postMessage(message);
}

function plainError({ code, what, expected, got, hint, key }: StoreError): ThreadError {
  return { code, what, expected, got, hint, ...(key === null ? {} : { key }) };
}
