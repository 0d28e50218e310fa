import type { EventId, RoomId } from './ids.ts';
import type { JsonRecord } from './json.ts';
import type { MessageContent, RequestOptions, StateContent } from './request.ts';
import type { StickyEvent } from './sticky-event.ts';

/** What a homeserver has for live sessions; all of it is drafts, and each is used where it is there. */
export interface RtcFeatures {
  /** Message events that a room remembers for a while (MSC4354). */
  readonly sticky: boolean;
  /** Events that the server sends later unless it is told otherwise (MSC4140). */
  readonly delayed: boolean;
}

/** The part of a homeserver that live sessions need (MatrixRTC, MSC4143). */
export interface RtcServer {
  /** Asked once, and again after a failure. */
  features(): Promise<RtcFeatures>;
  /** The room remembers the message for this long, at most `MAX_STICKY_MS`. @throws HomeserverError `unsupported` */
  sendSticky(
    room: RoomId,
    message: MessageContent,
    durationMs: number,
    options?: RequestOptions,
  ): Promise<EventId>;
  /** What sticks in the room now; nothing where the server has no such events. */
  readSticky(room: RoomId, options?: RequestOptions): Promise<readonly StickyEvent[]>;
  /**
   * Has state written after this time, unless it is restarted or cancelled before. Answers what to name it by.
   * @throws HomeserverError `unsupported` where the server does not do that, or not for so long
   */
  delayState(room: RoomId, state: StateContent, delayMs: number, options?: RequestOptions): Promise<string>;
  /** The same for a message that the room remembers for `durationMs` from then on. */
  delaySticky(
    room: RoomId,
    message: MessageContent,
    times: { readonly delayMs: number; readonly durationMs: number },
    options?: RequestOptions,
  ): Promise<string>;
  /** Its time begins anew. @throws HomeserverError `not-found` where it was sent or cancelled */
  restartDelayed(delay: string, options?: RequestOptions): Promise<void>;
  /** It is not sent. Does nothing where it was sent or cancelled. */
  cancelDelayed(delay: string, options?: RequestOptions): Promise<void>;
  /** The transports that the server offers to its users (`/rtc/transports`), at most `MAX_RTC_TRANSPORTS`. */
  transports(options?: RequestOptions): Promise<readonly JsonRecord[]>;
  /** The same from where servers said so earlier (`org.matrix.msc4143.rtc_foci` of `.well-known/matrix/client`). */
  wellKnownTransports(options?: RequestOptions): Promise<readonly JsonRecord[]>;
}

/** Entries of a list of transports that are looked at. */
export const MAX_RTC_TRANSPORTS = 32;
