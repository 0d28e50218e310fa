import { type BuildOptions, buildGoProgram } from '../go-program/build-go-program.ts';

/** The release that `go.mod` beside this file names. */
export const KUBO_VERSION = '0.41.0';

/**
 * Builds Kubo under `.weft` unless it is there, and returns its `ipfs` program.
 * @throws GoProgramError `no-go`, `build-failed`, `aborted`; StackError `no-python`
 */
export function buildKubo(options: BuildOptions = {}): Promise<string> {
  return buildGoProgram(
    {
      ...{ name: 'Kubo', version: KUBO_VERSION, file: 'kubo' },
      command: 'github.com/ipfs/kubo/cmd/ipfs',
      module: new URL('.', import.meta.url),
      minGo: [26, 2],
    },
    options,
  );
}
