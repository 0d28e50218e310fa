import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const THREAD_PIXELS = 16;
const WARP = [
  [36, 78, 104],
  [222, 196, 150],
] as const;
const WEFT = [
  [190, 84, 62],
  [236, 226, 206],
] as const;

/** A piece of cloth as a PNG: threads that go over and under each other. */
export function wovenPicture(width: number, height: number): Uint8Array {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.set(colourAt(x, y), y * (1 + width * 3) + 1 + x * 3);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const chunks = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([Buffer.from(SIGNATURE), ...chunks]));
}

function colourAt(x: number, y: number): readonly number[] {
  const [column, row] = [Math.floor(x / THREAD_PIXELS), Math.floor(y / THREAD_PIXELS)];
  const isWarp = (column + row) % 2 === 0;
  const across = ((isWarp ? x : y) % THREAD_PIXELS) / THREAD_PIXELS;
  const along = ((isWarp ? y : x) % THREAD_PIXELS) / THREAD_PIXELS;
  // Lighter where the thread is highest: in its own middle, and in the middle of where it lies on top.
  const light = 0.55 + 0.45 * Math.sin(Math.PI * across) * (0.6 + 0.4 * Math.sin(Math.PI * along));
  const threads = isWarp ? WARP : WEFT;
  const thread = threads[(isWarp ? column : row) % 3 === 0 ? 0 : 1] ?? WARP[0];
  return thread.map((channel) => Math.round(channel * light));
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
