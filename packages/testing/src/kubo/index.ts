export { GoProgramError, type GoProgramErrorCode } from '../go-program/go-program-error.ts';
export { buildKubo, KUBO_VERSION } from './build-kubo.ts';
export { type KuboOptions, type KuboServer, startKubo } from './kubo-server.ts';
