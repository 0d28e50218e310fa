import { basename, resolve } from 'node:path';
import { type Context, defineCommand, type ReadBy } from '../command.ts';
import { CommandError, EXIT, type ExitCode } from '../failure.ts';
import { required } from '../options.ts';
import { reportJson, sizeText } from '../publishing.ts';
import { isWorldFile, readBytes } from '../read-file.ts';

const args = { file: required('a model, picture, sound or video, or a .weft or .json file of a world') };
type ValidateContext = Context<object, ReadBy<typeof args>>;

export const validate = defineCommand({
  name: 'validate',
  summary: 'say what a file is, and what is wrong with it',
  description:
    'Looks into a file and changes nothing; no homeserver is asked. What it is, its bytes say. A model is held to Weft’s bounds and goes through the Khronos validator: each kind of finding is told once, with how often, the first places, what it means and what to do. A .weft or .json file of a world is opened, and what cannot be read of it is listed. The exit code is 0 where "publish" or "import" would take it, 3 where a model has errors, and 1 for what no world shows.',
  examples: [
    { command: 'validate chair.glb', does: 'What would "publish" say of it?' },
    { command: 'validate plaza.weft --json', does: 'Is an export whole?' },
  ],
  args,
  options: {},
  async run(context) {
    const bytes = await readBytes(resolve(context.directory, context.args.file));
    const { fileKindOf } = await import('@weft/assets/publish');
    const kind = fileKindOf(bytes);
    if (kind?.use === 'model') return validateModel(context, bytes, kind.type);
    if (kind !== null) {
      const { label, type, use } = kind;
      context.output.result({ type, use, bytes: bytes.length }, `A ${label}, ${sizeText(bytes.length)}.`);
      return EXIT.ok;
    }
    if (isWorldFile(context.args.file)) return validateWorld(context, bytes);
    throw new CommandError(
      'unknown-kind',
      `${context.args.file} is nothing that a world shows: neither a glTF model, a PNG, JPEG or WebP picture, a sound or a video.`,
    );
  },
});

async function validateModel(
  { args, output, signal }: ValidateContext,
  file: Uint8Array,
  type: string,
): Promise<ExitCode> {
  const [{ openWorkshop, packGltf, reportLines }, { checkGlb }] = await Promise.all([
    import('@weft/assets/publish'),
    import('@weft/world'),
  ]);
  const name = basename(args.file);
  const glb = type === 'model/gltf+json' ? await packGltf(file, name) : file;
  const { bounds, vertices, extensionsRequired } = checkGlb(glb, name);
  const report = await openWorkshop().validate(glb, { signal });
  const box = bounds === null ? null : { min: bounds.min, max: bounds.max };
  const { facts } = report;
  output.result(
    {
      ...{ type, use: 'model', bytes: file.length, vertices, bounds: box, extensionsRequired },
      report: reportJson(report),
    },
    [
      `A glTF model, ${sizeText(file.length)}: triangles ${facts.triangles}, draw calls ${facts.drawCalls}, materials ${facts.materials}, animations ${facts.animations}.`,
      ...reportLines(report),
      report.isValid ? 'It can be published.' : 'It has errors, and is not published unless told to.',
    ].join('\n'),
  );
  return report.isValid ? EXIT.ok : EXIT.refused;
}

async function validateWorld({ output }: ValidateContext, bytes: Uint8Array): Promise<ExitCode> {
  const { openFile } = await import('@weft/world');
  const file = openFile(bytes);
  const objects = [...file.ids()].length;
  const problems = file.problems.map((problem) => ({ ...problem }));
  const { title = '' } = file.info;
  output.result(
    { use: 'world', bytes: bytes.length, title, objects, problems },
    [
      `A world in a file, ${sizeText(bytes.length)}: ${objects} objects are shown${title === '' ? '' : ` in “${title}”`}.`,
      ...problems.map(
        ({ carrier, path, reason }) => `${carrier}${path === null ? '' : ` ${path}`}: ${reason}`,
      ),
    ].join('\n'),
  );
  return EXIT.ok;
}
