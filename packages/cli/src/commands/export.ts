import { resolve } from 'node:path';
import { type Context, defineCommand, type ReadBy } from '../command.ts';
import { EXIT, type ExitCode, UsageError } from '../failure.ts';
import { choice, flag, optional, required } from '../options.ts';
import { worldOptions } from '../session.ts';
import { objectIn, withWorld } from '../world-command.ts';
import { writeNew } from '../write-file.ts';

const args = {
  file: required('the file to write'),
  object: optional('with --glb: the object to write, by its id or the start of it; everything if left out'),
};
const options = {
  ...worldOptions,
  format: choice(
    ['auto', 'weft', 'json', 'glb'],
    'auto',
    'auto goes by the name: .json is JSON, .glb a model',
  ),
  glb: flag('the same as --format glb'),
  force: flag('replace the file if there is one'),
};

export const exportFile = defineCommand({
  name: 'export',
  summary: 'write a world to a .weft or .json file, or it or a part of it to one .glb model',
  description:
    'Writes every object with every value, who is said to have written it and when, deleted objects included, and the rules and declared components of the world: a backup, or a copy to take along. "new --from" makes a world of it again, "import" takes its objects into this or another world, and "diff" compares it. Models stay where they are; people and roles are not in it. With --glb, or to a file of that name, it writes one glTF model for every other program: what is shown, or one object with all that hangs from it; models are loaded and put in, primitives become meshes, lights KHR_lights_punctual, links and portals OMI_link, spawn points OMI_spawn_point, and all else lies in extras, so that "import --explode" gives the same objects again. What the model does not show is told. A visitor may export. An existing file is kept unless --force is given.',
  examples: [
    { command: 'export plaza.weft', does: 'Keep the world as it is now.' },
    { command: 'export plaza.glb', does: 'Take it to a modelling program.' },
    { command: 'export table.glb Kx81', does: 'One object with all that hangs from it.' },
    { command: 'export plaza.json', does: 'The same as text, for reading and for other programs.' },
  ],
  args,
  options,
  async run(context) {
    const { options, output, directory } = context;
    const path = resolve(directory, context.args.file);
    const format = options.glb ? 'glb' : options.format === 'auto' ? formatOf(path) : options.format;
    if (format === 'glb') return exportModel(context, path);
    if (context.args.object !== undefined) {
      throw new UsageError(
        'A part of a world is written as a model: give --glb, or a file name that ends in .glb.',
      );
    }
    return withWorld(context, async (world) => {
      const bytes = world.export({ format });
      await writeNew(path, bytes, options.force);
      const objects = [...world.ids()].length;
      output.result(
        { file: path, format, bytes: bytes.length, objects, hash: world.hash() },
        `Wrote ${objects} objects, ${bytes.length} bytes, to ${path}.`,
      );
      return EXIT.ok;
    });
  },
});

function formatOf(path: string): 'weft' | 'json' | 'glb' {
  if (/\.glb$/i.test(path)) return 'glb';
  return /\.json$/i.test(path) ? 'json' : 'weft';
}

async function exportModel(
  context: Context<ReadBy<typeof options>, ReadBy<typeof args>>,
  path: string,
): Promise<ExitCode> {
  const { args, options, output, signal } = context;
  return withWorld(context, async (world) => {
    const from = args.object === undefined ? undefined : objectIn(world, args.object);
    const exported = await world.models.export({
      title: world.title,
      signal,
      ...(from === undefined ? {} : { from }),
      onProgress({ step, done, total }) {
        if (step === 'load') output.note(`  loaded ${done} of ${total} models`);
      },
    });
    const { glb, objects, models, notes } = exported;
    await writeNew(path, glb, options.force);
    for (const note of notes) output.note(note);
    output.result(
      { file: path, format: 'glb', bytes: glb.length, objects, models, notes },
      `Wrote ${objects} objects with ${models} models, ${glb.length} bytes, to ${path}.`,
    );
    return EXIT.ok;
  });
}
