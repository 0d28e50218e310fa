import type { WorldStatus } from '@weft/world';

/** How this page is connected, for people. */
export interface Connection {
  /** Which dot: `fast` and `slow` are well, `waiting` decides itself, `cut` is none. */
  readonly tone: 'fast' | 'slow' | 'waiting' | 'cut';
  /** One or two words. */
  readonly word: string;
  /** What that means, and what is going on. */
  readonly sentence: string;
}

type Told = Pick<WorldStatus, 'graph' | 'lane' | 'laneDetail' | 'connecting' | 'notKept'>;

export function connectionOf({ graph, lane, laneDetail, connecting, notKept }: Told): Connection {
  if (graph === 'loading') return { tone: 'waiting', word: 'Loading', sentence: 'Reading the room.' };
  if (lane === 'matrix' && connecting) return { tone: 'waiting', word: 'Connecting', sentence: laneDetail };
  const kept =
    notKept === null
      ? 'Changes are kept in this browser and sent later.'
      : 'Changes are sent when it answers, and lost if this page is closed before.';
  return {
    ...WORDS[lane],
    sentence: lane === 'offline' ? `The homeserver does not answer. ${kept}` : laneDetail,
  };
}

const WORDS: Readonly<Record<WorldStatus['lane'], Pick<Connection, 'tone' | 'word'>>> = {
  relay: { tone: 'fast', word: 'Live' },
  peer: { tone: 'fast', word: 'Among devices' },
  matrix: { tone: 'slow', word: 'Matrix only' },
  offline: { tone: 'cut', word: 'Offline' },
};
