export { goOffline } from './go-offline.ts';
export { type KillRelayOptions, killRelayUnderPages, photographer, runKillRelay } from './kill-relay.ts';
export { openStudioPair, type StudioPair, type StudioPairOptions } from './studio-pair.ts';
