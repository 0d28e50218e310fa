import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { answerJobs } from './answer-jobs.ts';
import type { DecodeRequest } from './decode-job.ts';

const library = (path: string) => import.meta.resolve(`three/examples/jsm/libs/${path}`);

const carryOut = answerJobs(
  {
    files: {
      draco: {
        script: library('draco/gltf/draco_wasm_wrapper.js'),
        wasm: library('draco/gltf/draco_decoder.wasm'),
      },
      basis: { script: library('basis/basis_transcoder.js'), wasm: library('basis/basis_transcoder.wasm') },
    },
    read: async (address) => new Uint8Array(await readFile(fileURLToPath(address))),
    async run(script, name) {
      const scope: unknown = runInThisContext(
        `(function (process, require, module, exports, define) {${script}\nreturn ${name};})`,
      );
      return typeof scope === 'function' ? scope() : undefined;
    },
  },
  (answer, handOver) => parentPort?.postMessage(answer, [...handOver]),
);

parentPort?.on('message', (request: DecodeRequest) => void carryOut(request));
