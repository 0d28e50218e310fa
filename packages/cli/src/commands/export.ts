import { resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import { EXIT } from '../failure.ts';
import { choice, flag, required } from '../options.ts';
import { worldOptions } from '../session.ts';
import { withWorld } from '../world-command.ts';
import { writeNew } from '../write-file.ts';

export const exportFile = defineCommand({
  name: 'export',
  summary: 'write all of a world to a .weft or .json file',
  description:
    'Writes every object with every value, who is said to have written it and when, deleted objects included, and the rules and declared components of the world: a backup, or a copy to take along. "new --from" makes a world of it again, "import" takes its objects into this or another world, and "diff" compares it. Models stay where they are; people and roles are not in it. A visitor may export. An existing file is kept unless --force is given.',
  examples: [
    { command: 'export plaza.weft', does: 'Keep the world as it is now.' },
    { command: 'export plaza.json', does: 'The same as text, for reading and for other programs.' },
  ],
  args: { file: required('the file to write') },
  options: {
    ...worldOptions,
    format: choice(['auto', 'weft', 'json'], 'auto', 'auto goes by the name: .json is JSON'),
    force: flag('replace the file if there is one'),
  },
  async run(context) {
    const { options, output, directory } = context;
    const path = resolve(directory, context.args.file);
    const isJson = options.format === 'auto' ? /\.json$/i.test(path) : options.format === 'json';
    const format = isJson ? 'json' : 'weft';
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
