import { basename, resolve } from 'node:path';
import type { World } from '@weft/world';
import { defineCommand } from '../command.ts';
import { EXIT, type ExitCode } from '../failure.ts';
import { flag, required } from '../options.ts';
import { notesOf, optimiseOf, placesIn, publishedJson, publishNotes, publishOptions } from '../publishing.ts';
import { readBytes } from '../read-file.ts';
import { worldOptions } from '../session.ts';
import { withWorld } from '../world-command.ts';

export const publish = defineCommand({
  name: 'publish',
  summary: 'store a model, picture, sound or video where worlds can refer to it',
  description:
    'Checks a file, stores it, and prints its address. What it is, its bytes say, whatever its name: GLB and glTF models, PNG, JPEG and WebP pictures, MP3, Ogg, WAV, FLAC and M4A sounds, MP4 and WebM videos. A model goes through the Khronos validator: errors refuse it (exit code 3, nothing is stored), warnings are told with what to do. --optimise joins equal parts, drops unused ones, joins and quantises vertices and shrinks textures, and keeps the result only if it is smaller, as valid, and draws the same in the same bounds. A file that one place takes and another does not is published, and says so. IPFS is the Kubo whose RPC WEFT_IPFS names, and the relay of the world, whose gateway gives it to everybody; WEFT_IPFS_GATEWAYS names more gateways to read from, separated by commas. Use "add mesh.src=… mesh.sha256=…" or "import" to show it in a world.',
  examples: [
    { command: 'publish chair.glb --optimise', does: 'Make a model smaller, store it, print its address.' },
    {
      command: 'publish hall.jpg --to mxc,ipfs --json',
      does: 'Store a picture in two places: address, alternatives, hash and size as JSON.',
    },
  ],
  args: { file: required('the file') },
  options: {
    ...worldOptions,
    ...publishOptions,
    thumbnail: flag('store a small picture of it too: of a picture, or of a model as it looks from in front'),
  },
  async run(context) {
    const { args, options, output, signal } = context;
    const to = placesIn(options.to);
    const bytes = await readBytes(resolve(context.directory, args.file));
    const publishing = async (world: World): Promise<ExitCode> => {
      const published = await world.publish(bytes, {
        name: basename(args.file),
        to,
        optimise: optimiseOf(options),
        despiteErrors: options.despiteErrors,
        thumbnail: options.thumbnail,
        signal,
        onProgress: publishNotes(output),
      });
      for (const note of await notesOf(published)) output.note(note);
      output.result(publishedJson(published), published.src);
      return EXIT.ok;
    };
    // Only who is on a relay can hand it a file.
    const lanes = to.includes('ipfs') ? { lanes: ['relay', 'matrix'] as const } : {};
    return withWorld(context, publishing, lanes);
  },
});
