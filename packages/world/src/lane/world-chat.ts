import {
  forgetOldest,
  fraction,
  type RandomBytes,
  type Stop,
  type Timers,
  type UserId,
  WeftError,
} from '@weft/core';
import { type Homeserver, RoomChat, type RoomSession } from '@weft/matrix';
import { isSaying, MAX_SAID_CHARACTERS, newSaying, type Said } from '@weft/protocol';

/** Sayings that are remembered, so that each is told once. */
const MAX_REMEMBERED = 1000;

/** Something that somebody said. */
export interface WorldSaid {
  /** Whose words these are. */
  readonly user: UserId;
  /** The account that says so for them, which is its claim; `null` where they said it themselves, or a relay vouches. */
  readonly by: UserId | null;
  /** 1 to 1,000 characters, from a stranger. */
  readonly text: string;
  /** When the room got it, in milliseconds since 1970; of what the lane brought, when it came. */
  readonly atMs: number;
  /** This client said it. */
  readonly own: boolean;
}

export interface WorldChatPorts {
  readonly session: Pick<RoomSession, 'room' | 'on'>;
  readonly homeserver: Pick<Homeserver, 'userId' | 'sendMessage' | 'serverOffsetMs'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Brings a saying to those who are on the lane. */
  readonly lane: (said: Said) => void;
  readonly said: (said: WorldSaid) => void;
}

/** What people say in a world: at once over the lane, and in the room's chat, each saying told once. */
export class WorldChat {
  readonly #ports: WorldChatPorts;
  readonly #room: RoomChat;
  readonly #told = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #stop: Stop;

  constructor(ports: WorldChatPorts) {
    const { session, homeserver, timers, random } = ports;
    this.#ports = ports;
    this.#room = new RoomChat({
      ...{ homeserver, timers, room: session.room },
      fraction: () => fraction(random),
      heard: ({ sender, atMs, user, ...said }) => {
        const whose = user ?? sender;
        if (this.#told.has(keyOf(whose, said))) return;
        this.#tell(sender, said, { user: whose, by: user === null ? null : sender, atMs, own: false });
      },
    });
    this.#stop = session.on('update', (update) => this.#room.take(update));
  }

  /** See `World.say`. */
  say(text: string): Promise<void> {
    if (!isSaying(text)) throw unsayable(text);
    const { homeserver, timers, random, lane } = this.#ports;
    const { userId } = homeserver;
    const said = newSaying(text, random);
    this.#tell(userId, said, {
      ...{ user: userId, by: null, own: true },
      atMs: timers.now() + homeserver.serverOffsetMs(),
    });
    lane(said);
    const there = this.#room.say(said);
    // Whoever does not wait for it sees that it is missing in the room.
    const ended = there.catch(() => undefined).finally(() => this.#underWay.delete(ended));
    this.#underWay.add(ended);
    return there;
  }

  /** The lane brings what somebody says; the relay vouches for whom. */
  hear(user: UserId, said: Said): void {
    const { homeserver, timers } = this.#ports;
    if (this.#told.has(keyOf(user, said))) return;
    const atMs = timers.now() + homeserver.serverOffsetMs();
    this.#tell(user, said, { user, by: null, atMs, own: false });
  }

  /** Resolves when the room has all that was said, or refuses it, or the time is up. */
  async settle(waitMs: number): Promise<void> {
    if (this.#underWay.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#ports.timers.after(waitMs, resolve);
    await Promise.race([promise, Promise.all(this.#underWay)]);
    stop();
  }

  stop(): void {
    this.#stop();
    this.#room.stop();
  }

  #tell(from: UserId, said: Pick<Said, 'id' | 'text'>, rest: Omit<WorldSaid, 'text'>): void {
    this.#told.add(keyOf(from, said));
    forgetOldest(this.#told, MAX_REMEMBERED);
    this.#ports.said(Object.freeze({ ...rest, text: said.text }));
  }
}

function keyOf(user: UserId, { id }: Pick<Said, 'id'>): string {
  return `${user} ${id}`;
}

function unsayable(text: string): WeftError {
  return new WeftError(text.length > MAX_SAID_CHARACTERS ? 'limit' : 'invalid-value', {
    what: 'say something',
    expected: `1 to ${MAX_SAID_CHARACTERS} characters of text, not all blank`,
    got: text.length > MAX_SAID_CHARACTERS ? `${text.length} characters` : `"${text}"`,
    hint: 'Say it in several pieces.',
  });
}
