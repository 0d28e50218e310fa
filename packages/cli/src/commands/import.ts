import { basename, resolve } from 'node:path';
import type { Imported, PublishedAsset } from '@weft/world';
import { parseVector } from '../assignment.ts';
import { type Context, defineCommand, type ReadBy } from '../command.ts';
import { EXIT, type ExitCode, UsageError } from '../failure.ts';
import { flag, required, text } from '../options.ts';
import type { Json } from '../output.ts';
import {
  notesOf,
  optimiseOf,
  placesIn,
  publishedJson,
  publishNotes,
  publishOptions,
  sizeText,
} from '../publishing.ts';
import { isWorldFile, readBytes } from '../read-file.ts';
import { editOptions, objectIn, waitFor, withWorld } from '../world-command.ts';

const args = {
  file: required('a .glb or .gltf model, a .weft or .json file, or the address of a Third Room world'),
};
const options = {
  ...editOptions,
  ...publishOptions,
  explode: flag('make each node of a model an object of its own'),
  join: flag('join a Third Room world whose state only members see'),
  copy: flag('add all that a .weft or .json file shows anew, instead of merging it'),
  name: text(
    'name',
    'what people call a model; the name of the file if left out. With --explode: of a group for all of it',
  ),
  parent: text('id', 'the object that a model or a copy hangs from; the top of the world if left out'),
  at: text('x,y,z', 'position of a model in its parent, in metres'),
};

type ImportContext = Context<ReadBy<typeof options>, ReadBy<typeof args>>;

export const importFile = defineCommand({
  name: 'import',
  summary: 'take in a model, whole or in objects, a file of a world, or a world of Third Room',
  description:
    'A model (GLB, or glTF with everything embedded) is checked, validated and stored as "publish" does, with a thumbnail, and shown by a new object; one that is damaged, has errors, or refers to anything outside itself is refused before anything is stored. With --explode each of its nodes becomes an object with its name, transform and place in the tree, each mesh a file that is stored once; lights, and the links and spawn points of OMI, become components, what a skin or an animation binds stays one model, what Draco compressed becomes plain and larger, and all of it is one step of undo. What "export --glb" wrote comes back as it was. An address (!room, #alias or matrix: link) of a Third Room world (MSC3815) shows that world’s scene by one object; its room is only read. A .weft or .json file, as "export" writes it, is taken in whole or not at all. Merged, its objects keep their ids and of each property the newer value stays, so that copies edited apart come together in either order; nothing is deleted that the file does not say is deleted, and nothing that was redacted comes back. With --copy everything that the file shows is added under new ids. Either way it is you who write, and the rules and components of the file are left out: the world keeps its own. With --dry-run a file is only checked.',
  examples: [
    { command: 'import chair.glb --at 0,0,-2', does: 'Put a chair two metres in front of the origin.' },
    {
      command: 'import chair.glb --dry-run --json',
      does: 'Check a model: its bounds, vertices and extensions.',
    },
    {
      command: 'import house.glb --explode --dry-run',
      does: 'How many objects and files would it be, and what would be lost?',
    },
    { command: 'import "#gallery:example.org"', does: 'Show the scene of a Third Room world.' },
    { command: 'import plaza.weft', does: 'Bring back, or bring together, what was exported.' },
    { command: 'import room.weft --copy --parent Kx81', does: 'Add a copy of it below an object.' },
  ],
  args,
  options,
  run(context) {
    const { file } = context.args;
    if (/^(?:[!#]|matrix:|https:\/\/matrix\.to\/)/.test(file)) return importThirdRoom(context);
    if (isWorldFile(file)) return importWorld(context);
    return context.options.explode ? importExploded(context) : importModel(context);
  },
});

/** A glTF document as the binary file that says the same. */
async function readModel({ args, directory }: ImportContext): Promise<Uint8Array> {
  const bytes = await readBytes(resolve(directory, args.file));
  const { fileKindOf, packGltf } = await import('@weft/assets/publish');
  const isText = fileKindOf(bytes)?.type === 'model/gltf+json';
  return isText ? packGltf(bytes, basename(args.file)) : bytes;
}

async function importModel(context: ImportContext): Promise<ExitCode> {
  const { args, options, output } = context;
  const position = options.at === undefined ? undefined : parseVector(options.at, '--at');
  const bytes = await readModel(context);
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
    let published: PublishedAsset | null = null;
    const edit = await world.importGlb(bytes, {
      name: options.name ?? basename(args.file).replace(/\.(?:glb|gltf)$/i, ''),
      to: placesIn(options.to),
      optimise: optimiseOf(options),
      despiteErrors: options.despiteErrors,
      signal: context.signal,
      onProgress: publishNotes(output),
      onPublished(asset) {
        published = asset;
      },
      ...(parent === undefined ? {} : { parent }),
      ...(position === undefined ? {} : { position }),
    });
    const stage = await waitFor(world, edit, context);
    const about: { readonly [name: string]: Json } = published === null ? {} : publishedJson(published);
    if (published !== null) for (const note of await notesOf(published)) output.note(note);
    output.result({ ...facts, ...about, id: edit.value, stage }, edit.value);
    return EXIT.ok;
  });
}

/** Each node an object: tried out first, so that nothing is stored of what is refused. */
async function importExploded(context: ImportContext): Promise<ExitCode> {
  const { args, options, output, signal } = context;
  const position = options.at === undefined ? undefined : parseVector(options.at, '--at');
  if (options.optimise) throw new UsageError('--optimise is for models that stay whole; publish it first.');
  const bytes = await readModel(context);
  const { checkGlb } = await import('@weft/world');
  // What is no model is told before anything is opened.
  checkGlb(bytes, basename(args.file));
  return withWorld(context, async (world) => {
    const parent = options.parent === undefined ? undefined : objectIn(world, options.parent);
    const exploded = await world.models.explode(bytes, {
      signal,
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(parent === undefined ? {} : { parent }),
      ...(position === undefined ? {} : { position }),
    });
    const { objects, files, notes } = exploded;
    const facts = { objects, files, bytes: exploded.bytes, notes };
    for (const note of notes) output.note(note);
    const words = `${objects} objects, ${files} files of ${sizeText(exploded.bytes)}`;
    if (options.dryRun) {
      output.result({ ...facts, cost: { ...exploded.cost }, dryRun: true }, `Would be fine: ${words}.`);
      return EXIT.ok;
    }
    const edit = await exploded.commit({
      signal,
      onProgress: (done, total) => output.note(`  stored ${done} of ${total} files`),
    });
    const stage = await waitFor(world, edit, context);
    output.result({ ...facts, ids: edit.value, stage }, `${words} added.`);
    return EXIT.ok;
  });
}

async function importThirdRoom(context: ImportContext): Promise<ExitCode> {
  const { args, options, output, signal } = context;
  const position = options.at === undefined ? undefined : parseVector(options.at, '--at');
  return withWorld(context, async (world) => {
    const parent = options.parent === undefined ? undefined : objectIn(world, options.parent);
    const how = { join: options.join, signal };
    if (options.dryRun) {
      world.check((draft) => draft.add(parent === undefined ? {} : { parent }));
      const { room, title, sceneUrl } = await world.models.readThirdRoom(args.file, how);
      output.result(
        { room, title, src: sceneUrl, dryRun: true },
        `Would show ${title === '' ? room : title}.`,
      );
      return EXIT.ok;
    }
    const edit = await world.models.importThirdRoom(args.file, {
      ...how,
      ...(parent === undefined ? {} : { parent }),
      ...(position === undefined ? {} : { position }),
    });
    const stage = await waitFor(world, edit, context);
    const src = world.get(edit.value)?.mesh?.src ?? null;
    output.result({ id: edit.value, src, stage }, edit.value);
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
