import { openDecoder } from '../../src/decode/browser-decoder.ts';
import type { DecodeJob } from '../../src/decode/decode-job.ts';
import { loadFactory } from '../../src/decode/load-module.ts';

/** What a test asks of the page. */
export interface DecodersPage {
  /** Gets the bytes that the next call is about. */
  fetch(address: string): Promise<void>;
  /** Carries out a job with them. @returns `done`, or the code of the refusal */
  decode(job: DecodeJob): Promise<string>;
  /** Has Draco’s module as it comes, without any end to its memory, read them. @returns what it says of them */
  decodeWithoutEnd(): Promise<string>;
}

declare global {
  interface Window {
    decoders?: DecodersPage;
  }
}

const decoder = openDecoder();
const DRACO = {
  script: new URL('three/examples/jsm/libs/draco/gltf/draco_wasm_wrapper.js', import.meta.url).href,
  wasm: new URL('three/examples/jsm/libs/draco/gltf/draco_decoder.wasm', import.meta.url).href,
};

let bytes = new Uint8Array();

window.decoders = {
  async fetch(address) {
    bytes = await read(address);
  },
  async decode(job) {
    return decoder
      .forModel('use it')({ ...job, bytes })
      .then(
        () => 'done',
        (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
      );
  },
  async decodeWithoutEnd() {
    const start = await loadFactory(
      { files: { draco: DRACO, basis: DRACO }, read, run },
      DRACO,
      'DracoDecoderModule',
    );
    const draco = Object(await start({}));
    const status = new draco.Decoder().DecodeArrayToMesh(bytes, bytes.length, new draco.Mesh());
    return String(status.error_msg());
  },
};

async function read(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  return new Uint8Array(await response.arrayBuffer());
}

async function run(script: string, name: string): Promise<unknown> {
  const source = new Blob([script, `\nexport default ${name};`], { type: 'text/javascript' });
  const module: { readonly default: unknown } = await import(/* @vite-ignore */ URL.createObjectURL(source));
  return module.default;
}
