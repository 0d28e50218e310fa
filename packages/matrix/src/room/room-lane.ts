import {
  type ChangeSet,
  type Emitter,
  entriesOf,
  isEmptyChange,
  isSameRegister,
  type ObjectRegisters,
  type Patch,
  patchOf,
  type Replica,
  WeftError,
} from '@weft/core';
import type { KeptRoom } from './kept-room.ts';
import type { RoomSessionEvents } from './session-events.ts';

export interface RoomLanePorts {
  readonly replica: Replica;
  readonly events: Emitter<RoomSessionEvents>;
  readonly kept: Pick<KeptRoom, 'edited' | 'journal'>;
  /** Something became dirty. */
  readonly wake: () => void;
  readonly refused: (registers: ObjectRegisters, error: WeftError) => void;
  /** What is dirty and only a relay can bring to the room. */
  readonly carried: () => ObjectRegisters;
}

/** What a lane brings to a room that is followed: joined into its replica and told to whoever listens. */
export class RoomLane {
  readonly #ports: RoomLanePorts;

  constructor(ports: RoomLanePorts) {
    this.#ports = ports;
  }

  /**
   * Shows what others wrote until the room brings it; see `Replica.hear`. Nothing of it is written to the room, but for what an
   * earlier run of this client wrote and this device does not hold: a relay leaves that to its author, who is here.
   */
  hear(patch: Patch): ChangeSet {
    const change = this.#changed(this.#ports.replica.hear(patch));
    this.#takeUp(patch);
    return change;
  }

  /** `hear` of what a peer says of itself; see `Replica.overhear`. */
  overhear(patch: Patch): ChangeSet {
    return this.#changed(this.#ports.replica.overhear(patch));
  }

  /** Takes back what was heard and the room will never hold. */
  retract(registers: ObjectRegisters): ChangeSet {
    return this.#changed(this.#ports.replica.retractLive(registers));
  }

  /**
   * A relay had everybody drop these. Own edits that it alone could have brought to the room go too, and `refused` tells;
   * what this client writes there itself, the room decides about.
   */
  takeBack(registers: ObjectRegisters): ChangeSet {
    const lost = common(this.#ports.carried(), registers);
    const change = this.retract(registers);
    if (lost.size > 0) this.#ports.refused(lost, takenBack([...lost.keys()]));
    return change;
  }

  /**
   * Writes to the room what was heard, under the stamps and the claims that it has, and keeps it on this device like an own
   * edit. What the room refuses of it is told by `refused`. Whether its authors may do that is for the caller to know.
   *
   * @returns what was adopted; see `Replica.adopt`
   */
  adopt(registers: ObjectRegisters): Patch {
    const { replica, kept, wake } = this.#ports;
    const adopted = replica.adopt(registers);
    if (adopted.objects.size === 0) return adopted;
    kept.edited(adopted);
    wake();
    return adopted;
  }

  /** These edits of this client are on their way to a relay; see `Replica.sent`. */
  sent(registers: ObjectRegisters): void {
    this.#ports.replica.sent(registers);
  }

  /** A relay's journal holds these edits of this client. */
  hold(registers: ObjectRegisters): void {
    const { replica, events } = this.#ports;
    replica.hold(registers);
    events.emit('held', registers);
  }

  /** What a relay held may be lost with it: those edits are this client's alone again. */
  forgetHeld(): void {
    const { replica, events } = this.#ports;
    const ids = replica.forgetHeld();
    if (ids.length > 0) events.emit('unheld', ids);
  }

  /** A relay refused these edits of this client: they leave the scene, as by `Replica.refuse`, and `refused` tells. */
  refuse(registers: ObjectRegisters, error: WeftError): void {
    this.#ports.refused(registers, error);
  }

  #takeUp({ actors }: Patch): void {
    const { replica, kept } = this.#ports;
    const { actor } = replica.clock;
    const former = new Set(kept.journal?.actors.filter((each) => each !== actor && actors.has(each)));
    if (former.size === 0) return;
    const registers = [...entriesOf(replica.livePatch())].filter(({ register }) =>
      former.has(register.stamp.actor),
    );
    const { objects } = patchOf({ registers });
    if (objects.size > 0) this.adopt(new Map(Array.from(objects, ([id, own]) => [id, own.registers])));
  }

  #changed(change: ChangeSet): ChangeSet {
    if (!isEmptyChange(change)) this.#ports.events.emit('change', change);
    return change;
  }
}

/** Of these registers those that the others hold as well. */
function common(these: ObjectRegisters, others: ObjectRegisters): ObjectRegisters {
  const objects = [...these].map(([id, registers]) => {
    const same = [...registers].filter(([path, register]) =>
      isSameRegister(others.get(id)?.get(path), register),
    );
    return [id, new Map(same)] as const;
  });
  return new Map(objects.filter(([, registers]) => registers.size > 0));
}

function takenBack(ids: readonly string[]): WeftError {
  return new WeftError('forbidden', {
    what: `change ${ids.length === 1 ? ids[0] : `${ids.length} objects`}`,
    expected: 'what the relay may bring to the room',
    got: 'what it took back',
    hint: 'It may not be moved or sat on any more, or a rule of the world is in the way. Look at what is there now.',
  });
}
