export { BEHAVIOURS } from './behaviours.ts';
export { FileServer, type FileServerOptions } from './file-server.ts';
export { TLS_IDENTITY } from './tls-identity.ts';
