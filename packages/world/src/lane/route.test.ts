import type { LaneStatus } from '@weft/live';
import { expect, test } from 'vitest';
import { travelOf } from './route.ts';

const status = (lane: LaneStatus['lane'], sentence: string): LaneStatus => ({
  ...{ lane, sentence, stage: lane === 'matrix' ? 'waiting' : 'live' },
  ...{ relay: null, reading: [], progress: null, retryAtMs: null, roundTripMs: null },
});

test.each([
  [null, 'online', 'matrix', /^Edits travel with the room alone, by choice\.$/],
  [null, 'offline', 'offline', /edits wait on this device/],
  [status('matrix', 'No relay yet.'), 'online', 'matrix', /^No relay yet\.$/],
  [status('matrix', 'No relay yet.'), 'offline', 'offline', /edits wait on this device/],
  [status('peer', 'Among devices.'), 'online', 'peer', /^Among devices\.$/],
  [status('peer', 'Among devices.'), 'offline', 'offline', /edits wait on this device/],
  [status('relay', 'Live.'), 'online', 'relay', /^Live\.$/],
  [status('relay', 'Live.'), 'offline', 'relay', /^Live\. .*nothing new is durable/],
] as const)('[LW5] a lane that is %o and a homeserver that is %s', (lane, homeserver, word, sentence) => {
  const travel = travelOf(lane, homeserver);
  expect(travel.lane).toBe(word);
  expect(travel.laneDetail).toMatch(sentence);
});
