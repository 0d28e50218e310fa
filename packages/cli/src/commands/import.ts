import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseVector } from '../assignment.ts';
import { defineCommand } from '../command.ts';
import { CommandError, EXIT, UsageError } from '../failure.ts';
import { required, text } from '../options.ts';
import { editOptions, objectIn, waitFor, withWorld } from '../world-command.ts';

export const importFile = defineCommand({
  name: 'import',
  summary: 'upload a .glb model and add an object that shows it',
  description:
    'Checks a binary glTF 2.0 file, uploads it to the media repository of the homeserver, and adds an object with a mesh. A file that is no GLB, is damaged, or refers to anything outside itself is refused before anything is uploaded. With --dry-run it is only checked.',
  examples: [
    { command: 'import chair.glb --at 0,0,-2', does: 'Put a chair two metres in front of the origin.' },
    {
      command: 'import chair.glb --dry-run --json',
      does: 'Check a model: its bounds, vertices and extensions.',
    },
  ],
  args: { file: required('a .glb file') },
  options: {
    ...editOptions,
    name: text('name', 'what people call it; the name of the file if left out'),
    parent: text('id', 'the object it hangs from; the top of the world if left out'),
    at: text('x,y,z', 'position in its parent, in metres'),
  },
  async run(context) {
    const { args, options, output } = context;
    const position = options.at === undefined ? undefined : parseVector(options.at, '--at');
    const bytes = await readModel(resolve(context.directory, args.file));
    const { checkGlb } = await import('@weft/world');
    const { bounds, vertices, extensionsRequired } = checkGlb(bytes, basename(args.file));
    return withWorld(context, async (world) => {
      const parent = options.parent === undefined ? undefined : objectIn(world, options.parent);
      const box = bounds === null ? null : { min: bounds.min, max: bounds.max };
      const facts = { bytes: bytes.length, vertices, bounds: box, extensionsRequired };
      if (options.dryRun) {
        // A role that may not add is told so before anything is uploaded.
        world.check((draft) => draft.add(parent === undefined ? {} : { parent }));
        output.result(
          { ...facts, dryRun: true },
          `Would be fine: ${bytes.length} bytes, ${vertices} vertices.`,
        );
        return EXIT.ok;
      }
      const edit = await world.importGlb(bytes, {
        name: options.name ?? basename(args.file, '.glb'),
        signal: context.signal,
        ...(parent === undefined ? {} : { parent }),
        ...(position === undefined ? {} : { position }),
      });
      const stage = await waitFor(world, edit, context);
      const src = world.get(edit.value)?.mesh?.src ?? null;
      output.result({ id: edit.value, src, ...facts, stage }, edit.value);
      return EXIT.ok;
    });
  },
});

async function readModel(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') throw new UsageError(`There is no file ${path}.`);
    if (code === 'EISDIR') throw new UsageError(`${path} is a folder, not a .glb file.`);
    throw new CommandError(
      'unreadable',
      `Cannot read ${path}: ${error instanceof Error ? error.message : error}.`,
    );
  }
}
