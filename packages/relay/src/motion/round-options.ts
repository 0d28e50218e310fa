import type { Session } from '@weft/protocol';
import type { Ground } from './ground.ts';
import type { MotionLimits } from './motion-limits.ts';
import type { Movers } from './movers.ts';
import type { Viewer } from './viewer.ts';

/** What a round knows of the room. */
export interface RoundOptions {
  readonly movers: Movers;
  readonly ground: Ground;
  readonly viewers: ReadonlyMap<Session, Viewer>;
  readonly limits: Pick<MotionLimits, 'bytesPerSecond' | 'byteBurst'>;
  /** Whether what is sent to this socket goes out at once. */
  readonly isReady: (session: Session) => boolean;
  readonly send: (session: Session, message: Uint8Array) => void;
}
