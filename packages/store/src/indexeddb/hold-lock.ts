import { StoreError } from '../store-error.ts';

/** Lets go of the lock; calling it again does nothing. */
export type Release = () => void;

/**
 * Takes a Web Lock, which the browser gives back by itself when the page goes.
 *
 * @returns `null` where somebody else holds it
 * @throws StoreError `unavailable` in pages without Web Locks
 */
export async function holdLock(name: string): Promise<Release | null> {
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) {
    throw new StoreError('unavailable', {
      what: `open the store ${name}`,
      expected: 'a page with Web Locks, so that two windows do not write over each other',
      got: 'a page without',
      hint: 'Serve the page over https, or from localhost.',
    });
  }
  return new Promise((resolve, reject) => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        resolve(lock === null ? null : release);
        return lock === null ? undefined : released;
      })
      .catch(reject);
  });
}
