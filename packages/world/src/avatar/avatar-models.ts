import { forgetOldest, type UserId } from '@weft/core';
import type { RoomEvent } from '@weft/matrix';
import { type AvatarModel, readAvatarModel } from '@weft/protocol';

/** Profiles that are read at one time. */
export const MAX_PROFILE_READS = 2;
/** Users whose profiles are remembered; of more the first read are forgotten. */
export const MAX_REMEMBERED_PROFILES = 1_024;

export interface AvatarModelsPorts {
  /** The events of the room's state that say what somebody wears. */
  readonly state: () => readonly RoomEvent[];
  /** What the profile of a user says; `null` where that is nothing. */
  readonly readProfile: (user: UserId, signal: AbortSignal) => Promise<unknown>;
  /** What somebody wears is known better. */
  readonly changed: () => void;
}

/** What each user wears: what they say in this room, else in their profile, which is read once. */
export class AvatarModels {
  readonly #ports: AvatarModelsPorts;
  readonly #profiles = new Map<UserId, AvatarModel | null>();
  readonly #waiting = new Set<UserId>();
  readonly #stop = new AbortController();
  #inRoom: ReadonlyMap<string, AvatarModel>;
  #reading = 0;

  constructor(ports: AvatarModelsPorts) {
    this.#ports = ports;
    this.#inRoom = modelsIn(ports.state());
  }

  /** `null` for nothing that is known; where only the profile can tell, `changed` follows. */
  of(user: UserId): AvatarModel | null {
    const worn = this.#inRoom.get(user);
    if (worn !== undefined) return worn;
    const known = this.#profiles.get(user);
    if (known !== undefined) return known;
    this.#waiting.add(user);
    this.#read();
    return null;
  }

  /** The room's state may be another. */
  update(): void {
    const before = this.#inRoom;
    const read = modelsIn(this.#ports.state());
    // The same instance for the same model, so that nobody loads it again.
    this.#inRoom = new Map([...read].map(([user, model]) => [user, same(before.get(user), model)]));
  }

  /** The profile of a user is another. */
  forget(user: UserId): void {
    this.#profiles.delete(user);
  }

  close(): void {
    this.#waiting.clear();
    this.#stop.abort();
  }

  #read(): void {
    for (const user of this.#waiting) {
      if (this.#reading >= MAX_PROFILE_READS || this.#stop.signal.aborted) return;
      this.#waiting.delete(user);
      this.#reading += 1;
      this.#profiles.set(user, null);
      void this.#readOne(user);
    }
  }

  async #readOne(user: UserId): Promise<void> {
    // A homeserver that cannot tell tells nothing: an avatar of no model is one all the same.
    const content = await this.#ports.readProfile(user, this.#stop.signal).catch(() => null);
    this.#reading -= 1;
    if (this.#stop.signal.aborted) return;
    this.#profiles.set(user, readAvatarModel(content));
    forgetOldest(this.#profiles, MAX_REMEMBERED_PROFILES);
    this.#read();
    this.#ports.changed();
  }
}

function modelsIn(events: readonly RoomEvent[]): ReadonlyMap<string, AvatarModel> {
  const models = new Map<string, AvatarModel>();
  for (const { stateKey, sender, content } of events) {
    const model = stateKey === sender ? readAvatarModel(content) : null;
    if (model !== null) models.set(sender, model);
  }
  return models;
}

function same(before: AvatarModel | undefined, now: AvatarModel): AvatarModel {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
