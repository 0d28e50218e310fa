import { toBase64Url } from '@weft/core';
import { describe, expect, test } from 'vitest';
import {
  isOpenSlot,
  readAvatarModel,
  readLanePolicy,
  readMember,
  readMemberState,
  readPeerMessage,
  readTicket,
  readTicketRefused,
  readTicketRequest,
} from '../../src/index.ts';
import { specFiles, specText } from './files.ts';

interface Example {
  readonly event: { readonly origin_server_ts: number; readonly content: unknown };
  /** What a reader makes of it; `null` where it is none. */
  readonly reads: unknown;
}

const READERS: Readonly<Record<string, (event: Example['event']) => unknown>> = {
  'world.weft.avatar': ({ content }) => readAvatarModel(content),
  'world.weft.ticket_request': ({ content }) => readTicketRequest(content),
  'world.weft.ticket': ({ content }) => readTicket(content),
  'world.weft.ticket_refused': ({ content }) => readTicketRefused(content),
  'world.weft.peer': ({ content }) => peerJson(content),
  'org.matrix.msc4143.rtc.slot': ({ content }) => ({ open: isOpenSlot(content) }),
  'org.matrix.msc4143.rtc.member': ({ content }) => readMember(content),
  'org.matrix.msc3401.call.member': ({ content, origin_server_ts }) =>
    readMemberState(content, origin_server_ts),
};

describe.each(Object.entries(READERS))('[PF9] %s', (type, read) => {
  const paths = specFiles(`examples/${type}`, '.json');

  test.each(paths)('%s reads as it says', (path) => {
    const { event, reads }: Example = JSON.parse(specText(path));
    expect(read(event)).toEqual(reads);
  });

  test('there are some of each', () => {
    const kinds = paths.map((path) => path.split('/')[2]);
    expect(new Set(kinds)).toEqual(new Set(['valid', 'invalid']));
  });
});

test('[PF9] a world says of the lane what its examples say', () => {
  const paths = specFiles('examples/world.weft.world', '.json').filter((path) => path.includes('relay'));
  expect(paths.length).toBeGreaterThan(1);
  for (const path of paths) {
    const { event, reads }: Example = JSON.parse(specText(path));
    expect(reads).toMatchObject({ ...readLanePolicy(event.content) });
  }
});

function peerJson(content: unknown): unknown {
  const message = readPeerMessage(content);
  if (message === null || !('patch' in message)) return message;
  return { ...message, patch: toBase64Url(message.patch) };
}
