import { textOf } from '../state/complaint.ts';

/** A page's title for one kind of failure, and what people can do that the error itself does not say. */
export interface Advice {
  readonly title: string;
  readonly steps: readonly string[];
}

const ADVICE: Readonly<Record<string, Advice>> = {
  unreachable: {
    title: 'The homeserver cannot be reached',
    steps: ['If it runs on this machine, start it with “npm start” and try again.'],
  },
  'unknown-token': {
    title: 'The sign-in is no longer valid',
    steps: ['Or open the link that “npm start” printed last.'],
  },
  'not-found': {
    title: 'There is no such world',
    steps: ['Worlds are named #name:server or !id:server; look for a typing error.'],
  },
  forbidden: {
    title: 'You may not enter this world',
    steps: ['Ask somebody who is in it to invite you.'],
  },
  'not-a-world': {
    title: 'This room is not a world',
    steps: ['It is an ordinary Matrix room; open it in a chat client instead.'],
  },
  'invalid-id': {
    title: 'This is no address of a world',
    steps: [],
  },
  'not-a-homeserver': {
    title: 'There is no homeserver at this address',
    steps: ['Addresses of homeservers often begin with “matrix.”; ask whoever runs it.'],
  },
  'rate-limited': {
    title: 'The homeserver asks for a pause',
    steps: ['Wait a little and try again; nothing is lost.'],
  },
};

export function adviceFor(error: unknown): Advice {
  const code = error instanceof Error ? textOf(error, 'code') : null;
  return (code === null ? undefined : ADVICE[code]) ?? { title: 'The world could not be opened', steps: [] };
}
