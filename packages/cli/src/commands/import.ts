import { basename, resolve } from 'node:path';
import type { Imported } from '@weft/world';
import { parseVector } from '../assignment.ts';
import { type Context, defineCommand, type ReadBy } from '../command.ts';
import { EXIT, type ExitCode, UsageError } from '../failure.ts';
import { flag, required, text } from '../options.ts';
import type { Json } from '../output.ts';
import { isWorldFile, readBytes } from '../read-file.ts';
import { editOptions, objectIn, waitFor, withWorld } from '../world-command.ts';

const args = { file: required('a .glb, .weft or .json file') };
const options = {
  ...editOptions,
  copy: flag('add all that a .weft or .json file shows anew, instead of merging it'),
  name: text('name', 'what people call a model; the name of the file if left out'),
  parent: text('id', 'the object that a model or a copy hangs from; the top of the world if left out'),
  at: text('x,y,z', 'position of a model in its parent, in metres'),
};

type ImportContext = Context<ReadBy<typeof options>, ReadBy<typeof args>>;

export const importFile = defineCommand({
  name: 'import',
  summary: 'take in a .glb model, or a .weft or .json file of a world',
  description:
    'A .glb file (binary glTF 2.0) is checked, uploaded to the media repository of the homeserver, and shown by a new object. One that is no GLB, is damaged, or refers to anything outside itself is refused before anything is uploaded. A .weft or .json file, as "export" writes it, is taken in whole or not at all. Merged, its objects keep their ids and of each property the newer value stays, so that copies edited apart come together in either order; nothing is deleted that the file does not say is deleted, and nothing that was redacted comes back. With --copy everything that the file shows is added under new ids. Either way it is you who write, and the rules and components of the file are left out: the world keeps its own. With --dry-run a file is only checked.',
  examples: [
    { command: 'import chair.glb --at 0,0,-2', does: 'Put a chair two metres in front of the origin.' },
    {
      command: 'import chair.glb --dry-run --json',
      does: 'Check a model: its bounds, vertices and extensions.',
    },
    { command: 'import plaza.weft', does: 'Bring back, or bring together, what was exported.' },
    { command: 'import room.weft --copy --parent Kx81', does: 'Add a copy of it below an object.' },
  ],
  args,
  options,
  run: (context) => (isWorldFile(context.args.file) ? importWorld(context) : importModel(context)),
});

async function importModel(context: ImportContext): Promise<ExitCode> {
  const { args, options, output } = context;
  const position = options.at === undefined ? undefined : parseVector(options.at, '--at');
  const bytes = await readBytes(resolve(context.directory, args.file));
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
}

async function importWorld(context: ImportContext): Promise<ExitCode> {
  const { args, options, output } = context;
  const { name, at, parent: above } = options;
  const as = options.copy ? 'copy' : 'merge';
  if (name !== undefined || at !== undefined) throw new UsageError('--name and --at are for .glb models.');
  if (above !== undefined && as === 'merge') {
    throw new UsageError('--parent goes with --copy: a merge leaves everything where it is.');
  }
  const bytes = await readBytes(resolve(context.directory, args.file));
  const { openFile } = await import('@weft/world');
  // What is no file at all is told before anything is opened.
  openFile(bytes);
  return withWorld(context, async (world) => {
    const parent = above === undefined ? undefined : objectIn(world, above);
    const how = parent === undefined ? ({ as } as const) : ({ as, parent } as const);
    if (options.dryRun) {
      const result = resultOf(world.checkImport(bytes, how), as);
      output.result({ ...result.json, dryRun: true }, `Would be fine: ${result.human}`);
      return EXIT.ok;
    }
    const edit = world.import(bytes, how);
    const stage = await waitFor(world, edit, context);
    const result = resultOf(edit.value, as);
    output.result({ ...result.json, stage }, result.human);
    return EXIT.ok;
  });
}

function resultOf({ ids, problems, unusedPolicy }: Imported, as: 'merge' | 'copy') {
  const json: { readonly [key: string]: Json } = {
    as,
    objects: ids.size,
    ids: Object.fromEntries(ids),
    problems: problems.map((problem) => ({ ...problem })),
    unusedPolicy,
  };
  const did = as === 'copy' ? 'added' : 'new or changed';
  const left = problems.length === 0 ? '' : ` ${problems.length} things were left out; see --json.`;
  const unused =
    unusedPolicy === 0
      ? ''
      : ` ${unusedPolicy} rules and components of the file are not used: this world keeps its own.`;
  return { json, human: `${ids.size} objects ${did}.${left}${unused}` };
}
