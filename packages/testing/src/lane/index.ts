export { MortalTimers } from './mortal-timers.ts';
export { TwinLaneSocket } from './twin-lane-socket.ts';
export { TwinLaneWorld } from './twin-lane-world.ts';
