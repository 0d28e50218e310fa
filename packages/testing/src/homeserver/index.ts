export type { Fault, Faults } from './faults.ts';
export { NO_RATE_LIMIT, type RateLimit, STOCK_RATE_LIMIT } from './token-bucket.ts';
export type { TwinFollower } from './twin-follower.ts';
export type { TwinHomeserver } from './twin-homeserver.ts';
export type { TwinEvent, TwinRoom } from './twin-room.ts';
export { TwinServer } from './twin-server.ts';
export type { TwinServerOptions } from './twin-store.ts';
