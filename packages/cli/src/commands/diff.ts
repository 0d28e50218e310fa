import { resolve } from 'node:path';
import type { Patch, WorldFile } from '@weft/world';
import { type Context, defineCommand } from '../command.ts';
import { diffJson, diffText } from '../diff-view.ts';
import { EXIT } from '../failure.ts';
import { required } from '../options.ts';
import { isWorldFile, readBytes } from '../read-file.ts';
import { type LoginFlags, loginOptions } from '../session.ts';
import { withWorld } from '../world-command.ts';

export const diff = defineCommand({
  name: 'diff',
  summary: 'show what differs between two worlds, or files of worlds',
  description:
    'Compares what two worlds hold, value by value, whoever wrote it when: objects that only the second shows (+), that only the first shows (-), and properties that hold something else (~). Each side is a .weft or .json file, or a world as "--world" takes it; two files need no homeserver. Under --json the values of hidden and deleted objects are listed too. The exit code is 0 whether or not something differs.',
  examples: [
    { command: 'diff plaza.weft "#plaza:example.org"', does: 'What has changed since an export?' },
    { command: 'diff monday.weft tuesday.weft --json', does: 'Compare two files, for a program.' },
  ],
  args: {
    before: required('a .weft or .json file, or a world'),
    after: required('another'),
  },
  options: loginOptions,
  async run(context) {
    const before = await sideOf(context, context.args.before);
    const after = await sideOf(context, context.args.after);
    const { diffOf } = await load();
    const found = diffOf(before, after);
    context.output.result(diffJson(found), diffText(found, before, after));
    return EXIT.ok;
  },
});

/** Loaded late, since help and wrong usage should answer at once. */
async function load() {
  const [{ diff: diffOf }, { openFile }] = await Promise.all([import('@weft/core'), import('@weft/world')]);
  return { diffOf, openFile };
}

async function sideOf(context: Context<LoginFlags, unknown>, named: string): Promise<WorldFile> {
  if (isWorldFile(named)) {
    const bytes = await readBytes(resolve(context.directory, named));
    const { openFile } = await load();
    return openFile(bytes);
  }
  return withWorld({ ...context, options: { ...context.options, world: named } }, async (world) => {
    const { WorldFile } = await import('@weft/world');
    const patch: Patch = world.toPatch();
    return new WorldFile({ patch, info: { title: world.title }, problems: [] });
  });
}
