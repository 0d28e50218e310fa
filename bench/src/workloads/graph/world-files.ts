import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encodePatch } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { catalogueRows, catalogueWorld } from '../../scene/catalogue.ts';

/** One world as a blob and as plain JSON. */
export interface WorldFiles {
  readonly blob: string;
  readonly json: string;
  readonly blobBytes: number;
  readonly jsonBytes: number;
  readonly gzipBytes: number;
}

export async function writeWorld(folder: string, seed: string, objects: number): Promise<WorldFiles> {
  const world = catalogueWorld(new SeededRandom(`catalogue/${seed}`), objects);
  const bytes = encodePatch(world);
  const text = JSON.stringify(catalogueRows(world));
  const files = { blob: join(folder, 'world.weft'), json: join(folder, 'world.json') };
  await writeFile(files.blob, bytes);
  await writeFile(files.json, text);
  return {
    ...files,
    blobBytes: bytes.length,
    jsonBytes: Buffer.byteLength(text),
    gzipBytes: (await promisify(gzip)(text)).length,
  };
}
