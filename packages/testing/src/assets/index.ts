export { BEHAVIOURS } from './behaviours.ts';
export { type CacheBounds, type CacheHarness, cacheContract } from './cache-contract.ts';
export { tryFailure } from './failures/try-failure.ts';
export { type Behaviour, FileServer, type FileServerOptions, type SeenRequest } from './file-server.ts';
export { type SourceHarness, sourceContract } from './source-contract.ts';
export { TLS_IDENTITY } from './tls-identity.ts';
