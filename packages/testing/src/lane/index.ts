export { MortalTimers } from './mortal-timers.ts';
export { shownText } from './shown-text.ts';
export { SimLaneClient, type SimLaneClientOptions } from './sim-lane-client.ts';
export { SimNetwork, type SimServer } from './sim-network.ts';
export { SimRelay, type SimRelayOptions } from './sim-relay.ts';
export { TwinLaneSocket } from './twin-lane-socket.ts';
export { TwinLaneWorld } from './twin-lane-world.ts';
export { virtualMotion } from './virtual-motion.ts';
