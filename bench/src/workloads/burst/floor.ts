import { randomBytes } from 'node:crypto';
import { parseUserId } from '@weft/core';
import { connectHomeserver, createWorldRoom } from '@weft/matrix';
import { RawClient } from './raw-client.ts';
import { type Burst, type BurstReport, report } from './run.ts';

/** What the content of one event may hold. */
const MAX_EVENT_BYTES = 61_440;
const TYPE = 'world.weft.bundle';

/** The least that so many bytes can cost: one plain state event, after an upload where it cannot hold them. */
export async function floorBurst(burst: Burst): Promise<BurstReport> {
  const { bytes } = burst;
  const room = await emptyRoom(burst);
  const [author, reader] = [new RawClient(burst.author), new RawClient(burst.reader)];
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const isUploaded = bytes > MAX_EVENT_BYTES;
  let uri = '';
  let startedMs = 0;
  const seen = reader.sees(room, TYPE, 1, resolve).then(async () => {
    if (isUploaded) await reader.download(uri);
    return performance.now() - startedMs;
  });
  await ready;
  startedMs = performance.now();
  burst.begins();
  if (isUploaded) uri = await author.upload(new Uint8Array(randomBytes(bytes)));
  const text = isUploaded
    ? uri
    : randomBytes(Math.ceil(bytes / 2))
        .toString('hex')
        .slice(0, bytes);
  await author.put(room, TYPE, 'floor', { text });
  const durableMs = performance.now() - startedMs;
  return report(await seen, durableMs, 1, bytes);
}

/** A room of the author that the reader is in. */
export async function emptyRoom({ author, reader }: Burst): Promise<string> {
  const homeserver = await connectHomeserver({ url: author.homeserver, token: author.token });
  try {
    const invite = [parseUserId(reader.userId)];
    const room = await createWorldRoom(homeserver, { title: 'Burst', access: 'private', invite });
    await new RawClient(reader).join(room);
    return room;
  } finally {
    homeserver.stop();
  }
}
