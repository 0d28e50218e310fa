import type { Stop } from './timers.ts';

/** What a device says of its network; one that says nothing never calls. It is a hint: what is tried shows what works. */
export interface Network {
  /** Called when the device lost its network, and when it has one again. */
  onChange(listener: (isOnline: boolean) => void): Stop;
}
