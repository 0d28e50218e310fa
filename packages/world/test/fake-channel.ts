import { Cell, Emitter, type ObjectRegisters, type Patch } from '@weft/core';
import type {
  AvatarStanding,
  Channel,
  ChannelEvents,
  LaneDigest,
  LaneEvent,
  LanePerson,
  LaneReplica,
  LaneStatus,
  MotionPort,
  Mover,
} from '@weft/live';

const SEARCHING: LaneStatus = {
  lane: 'matrix',
  stage: 'discovering',
  sentence: 'Looking for a relay.',
  relay: null,
  reading: [],
  progress: null,
  retryAtMs: null,
  roundTripMs: null,
};

/** A lane that does what a test says, and remembers what was asked of it. */
export class FakeChannel implements Channel {
  readonly replica: LaneReplica;
  readonly status = new Cell<LaneStatus>(SEARCHING);
  readonly people = new Cell<readonly LanePerson[]>([]);
  readonly sent: Patch[] = [];
  readonly retracted: ObjectRegisters[] = [];
  readonly emitted: Pick<LaneEvent, 'target' | 'name' | 'data'>[] = [];
  readonly events = new Emitter<ChannelEvents>({
    failed: (error) => {
      throw error;
    },
  });
  readonly documents = { send: () => false, on: () => () => {}, onLive: () => () => {} };
  readonly presence = { set: () => {}, on: () => () => {} };
  readonly motion: MotionPort = {
    movers: new Cell<readonly Mover[]>([]),
    avatar: new Cell<AvatarStanding>('away'),
    enter: () => {},
    leave: () => {},
    move: (_object, pose) => pose,
    drop: () => {},
    look: () => {},
  };
  /** What the relay says of the room when it is asked. */
  said: LaneDigest | null = null;
  digests = 0;
  renewals = 0;
  isClosed = false;

  constructor(replica: LaneReplica) {
    this.replica = replica;
  }

  renew(): void {
    this.renewals += 1;
  }

  live(): void {
    this.status.set({ ...SEARCHING, lane: 'relay', stage: 'live', sentence: 'Live over a relay.' });
  }

  lost(): void {
    this.status.set(SEARCHING);
  }

  clockOffsetMs(): null {
    return null;
  }

  async digest(): Promise<LaneDigest | null> {
    this.digests += 1;
    return this.said;
  }

  send(patch: Patch): void {
    this.sent.push(patch);
  }

  retract(registers: ObjectRegisters): void {
    this.retracted.push(registers);
  }

  emit(
    name: string,
    data: LaneEvent['data'],
    { target = null }: { target?: LaneEvent['target'] } = {},
  ): boolean {
    if (this.status.value.lane !== 'relay') return false;
    this.emitted.push({ target, name, data });
    return true;
  }

  async take(): Promise<null> {
    return null;
  }

  release(): void {}

  holderOf(): null {
    return null;
  }

  async handOver(): Promise<boolean> {
    return false;
  }

  wake(): void {}

  on<Name extends keyof ChannelEvents>(
    name: Name,
    listener: (value: ChannelEvents[Name]) => void,
  ): () => void {
    return this.events.on(name, listener);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
