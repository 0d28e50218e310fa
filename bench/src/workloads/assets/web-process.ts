// A web server in a process of its own that gives one file.
import { BEHAVIOURS, FileServer } from '@weft/testing/assets/server';
import { serveParent } from '../../process/serve-parent.ts';
import { JOB_VARIABLE } from '../../record/process-report.ts';
import { modelOf } from './model.ts';

/** What the process is told. */
export interface WebJob {
  readonly seed: string;
  readonly bytes: number;
}

const { seed, bytes }: WebJob = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
const server = await FileServer.start();
server.at('/model', BEHAVIOURS.gives(modelOf(seed, bytes)));
serveParent();
process.send?.({ url: `https://127.0.0.1:${server.port}/model` });
