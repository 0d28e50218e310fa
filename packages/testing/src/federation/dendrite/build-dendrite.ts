import { type BuildOptions, buildGoProgram } from '../../go-program/build-go-program.ts';

/** The release that `go.mod` beside this file names. */
export const DENDRITE_VERSION = '0.15.2';

/**
 * Builds Dendrite under `.weft` unless it is there, and returns the program.
 * @throws GoProgramError `no-go`, `build-failed`, `aborted`; StackError `no-python`
 */
export function buildDendrite(options: BuildOptions = {}): Promise<string> {
  return buildGoProgram(
    {
      ...{ name: 'Dendrite', version: DENDRITE_VERSION, file: 'dendrite' },
      command: 'github.com/element-hq/dendrite/cmd/dendrite',
      module: new URL('.', import.meta.url),
      minGo: [24, 0],
    },
    options,
  );
}
