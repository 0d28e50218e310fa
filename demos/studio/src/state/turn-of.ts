import type { EndTurn, Turns } from '@weft/assets';

/**
 * Waits for the turn of one piece of work, of which its message says as which of those who wait it comes.
 *
 * @param say what the message says from now on
 * @param begins what it says when the turn has come
 * @throws the reason of the signal
 */
export async function turnOf(
  turns: Turns,
  signal: AbortSignal,
  say: (doing: string) => void,
  begins: string,
): Promise<EndTurn> {
  const end = await turns.take(signal, (place) => say(waitingText(place)));
  if (!signal.aborted) {
    say(begins);
    return end;
  }
  end();
  throw signal.reason;
}

/** What somebody is told who has to wait. @param place 1 is the next */
function waitingText(place: number): string {
  return place === 1 ? 'waiting, next in line' : `waiting, number ${place} in line`;
}
