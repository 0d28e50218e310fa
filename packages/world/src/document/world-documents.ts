import {
  type ChangeSet,
  canEdit,
  EPOCH_PATH,
  type ObjectId,
  type Path,
  type Register,
  type Replica,
  type Settled,
  type Stop,
  slotPlaceOf,
  type UserId,
} from '@weft/core';
import { type DocumentHandle, type DocumentHost, Documents } from '@weft/document';
import type { Channel } from '@weft/live';
import type { RoomSession } from '@weft/matrix';
import type { Editor } from '../editor.ts';
import { refusalOf } from '../permission.ts';
import type { Platform } from '../platform.ts';
import type { WorldPresence } from '../presence/world-presence.ts';

export interface WorldDocumentsPorts {
  readonly session: Pick<RoomSession, 'standing'>;
  readonly replica: Replica;
  readonly userId: UserId;
  readonly platform: Pick<Platform, 'timers' | 'random'>;
  /** The server's clock minus this one, in milliseconds. */
  readonly offsetMs: () => number;
  readonly editor: Editor;
  readonly channel: Channel | null;
  readonly presence: WorldPresence;
}

/** The shared documents of an open world: saved through its editor, kept alike over its lane. */
export class WorldDocuments {
  readonly #documents: Documents;
  readonly #stops: readonly Stop[];

  constructor(ports: WorldDocumentsPorts) {
    const { channel, presence } = ports;
    this.#documents = new Documents(hostOf(ports));
    presence.onAwareness((states) => this.#documents.showOthers(states));
    this.#stops =
      channel === null
        ? []
        : [
            channel.documents.on(({ object, bytes }) => this.#documents.receive(object, bytes)),
            channel.documents.onLive(() => this.#documents.laneIsLive()),
            channel.status.subscribe(() => {
              if (channel.status.value.lane !== 'relay') this.#documents.laneIsLost();
            }),
          ];
  }

  open(object: ObjectId): DocumentHandle {
    return this.#documents.open(object);
  }

  changed({ added, removed, changed }: ChangeSet): void {
    this.#documents.changed(new Set([...added, ...removed, ...changed.keys()]));
  }

  standingChanged(): void {
    this.#documents.standingChanged();
  }

  /** Own contributions among what lost a race are merged back in. @returns the others */
  takeBack(settled: readonly Settled[]): readonly Settled[] {
    const lost = new Map<ObjectId, Map<Path, Register>>();
    const isLost = ({ path, outcome }: Settled) => outcome === 'superseded' && slotPlaceOf(path) !== null;
    for (const { id, path, register } of settled.filter(isLost)) {
      const own = lost.get(id) ?? new Map<Path, Register>();
      lost.set(id, own.set(path, register));
    }
    for (const [id, registers] of lost) this.#documents.takeBack(id, registers);
    return settled.filter((one) => !isLost(one));
  }

  /** Saves what is unsaved: it is an edit like any other from then on. */
  flush(): void {
    this.#documents.flush();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#documents.close();
  }
}

function hostOf(ports: WorldDocumentsPorts): DocumentHost {
  const { session, replica, userId, platform, offsetMs, editor, channel, presence } = ports;
  const { actor } = replica.clock;
  return {
    actor,
    timers: platform.timers,
    random: platform.random,
    nowMs: () => platform.timers.now() + offsetMs(),
    registers: (object) => replica.registers(object),
    mayEdit: (object) => {
      const held = replica.scene.get(object);
      const { standing } = session;
      if (held === undefined || refusalOf(standing, userId, 'write') !== null) return false;
      return canEdit({ userId, level: standing.level }, object, held, [[EPOCH_PATH, undefined]]) === null;
    },
    contribute: (object, contribution) => editor.contribute(object, contribution),
    beginEpoch: (object, epoch) => editor.beginEpoch(object, epoch),
    showAwareness: (object, state) => presence.showAwareness(object, state),
    lane: {
      send: (object, bytes) => channel?.documents.send(object, bytes) ?? false,
      others: () =>
        (channel?.people.value ?? []).map((person) => person.actor).filter((other) => other !== actor),
    },
  };
}
