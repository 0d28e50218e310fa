export { BEHAVIOURS } from './behaviours.ts';
export { type CacheBounds, type CacheHarness, cacheContract } from './cache-contract.ts';
export {
  codesOf,
  type FailedLoad,
  failedLoad,
  failedLoads,
  grew,
  MAX_TRIED_BYTES,
  NOW,
  said,
  slowest,
  TRIED_DEADLINES,
} from './failures/failed-load.ts';
export { tryFailure } from './failures/try-failure.ts';
export { type Behaviour, FileServer, type FileServerOptions, type SeenRequest } from './file-server.ts';
export { type SourceHarness, sourceContract } from './source-contract.ts';
export { TLS_IDENTITY } from './tls-identity.ts';
