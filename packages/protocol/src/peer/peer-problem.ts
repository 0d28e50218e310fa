import {
  type EventContent,
  isEventContent,
  isObjectId,
  type ObjectId,
  type Path,
  ROOT,
  readPath,
} from '@weft/core';
import { MAX_MESSAGE_CHARACTERS } from '../limits.ts';
import { isBoundedText } from '../text.ts';

/** Reasons of one message; not every reason need be told. */
export const MAX_PEER_PROBLEMS = 8;
const MAX_PROBLEM_BYTES = 4_096;
const MAX_CODE_CHARACTERS = 32;

/** One reason why a peer did not take something in. */
export interface PeerProblem {
  readonly id: ObjectId;
  /** The property; `null` where the object as a whole is meant. */
  readonly path: Path | null;
  /** For programs: as relays name it. */
  readonly code: string;
  /** For people. */
  readonly message: string;
}

export function peerProblemContent({ id, path, code, message }: PeerProblem): EventContent {
  return { object_id: id, ...(path === null ? {} : { path }), code, message };
}

/** `null` where it is no list of problems. */
export function readPeerProblems(input: unknown): readonly PeerProblem[] | null {
  if (!Array.isArray(input) || input.length === 0 || input.length > MAX_PEER_PROBLEMS) return null;
  const problems = input.flatMap((each) => readProblem(each) ?? []);
  return problems.length === input.length ? problems : null;
}

function readProblem(input: unknown): PeerProblem | null {
  if (!isEventContent(input, MAX_PROBLEM_BYTES)) return null;
  const { object_id: id, path: text, code, message } = input;
  const path = text === undefined ? null : typeof text === 'string' ? readPath(text) : undefined;
  if (!isObjectId(id) || id === ROOT || path === undefined) return null;
  if (!isBoundedText(code, MAX_CODE_CHARACTERS) || !isBoundedText(message, MAX_MESSAGE_CHARACTERS))
    return null;
  return { id, path, code, message };
}
