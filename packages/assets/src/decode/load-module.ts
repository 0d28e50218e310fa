/** The code that decodes, as three.js ships it: a script that defines one name, and the module that it starts. */
export interface DecoderFiles {
  readonly draco: DecoderFile;
  readonly basis: DecoderFile;
}

export interface DecoderFile {
  readonly script: string;
  readonly wasm: string;
}

/** What a thread needs of the place where it runs. */
export interface DecoderRealm {
  readonly files: DecoderFiles;
  /** @param address one of `files`. */
  read(address: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Runs a classic script that believes to be neither in a page nor in Node. @returns what it calls `name` */
  run(script: string, name: string): Promise<unknown>;
}

/** What a script of Emscripten defines: starts its module with these options, some of which it calls. */
export type Factory = (options: object) => unknown;

const silent = { print: () => {}, printErr: () => {} };

/** Loads one of the decoders. @returns starts its module with these options. @throws Error where it is not what was expected */
export async function loadFactory(
  realm: DecoderRealm,
  { script, wasm }: DecoderFile,
  name: string,
): Promise<Factory> {
  const [text, wasmBinary] = await Promise.all([realm.read(script), realm.read(wasm)]);
  const factory = await realm.run(new TextDecoder().decode(text), name);
  if (!isFactory(factory)) throw new TypeError(`${script} defines no ${name}`);
  return (options) => factory({ ...silent, wasmBinary, ...options });
}

function isFactory(value: unknown): value is Factory {
  return typeof value === 'function';
}
