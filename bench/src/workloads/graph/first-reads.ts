import { type ObjectQuery, query, ROOT, type Scene } from '@weft/core';
import type { Figure } from '../../record/process-report.ts';
import type { Job } from './job.ts';
import { openReplica } from './open-blob.ts';
import { coldAndWarm } from './repeat.ts';

const PAGE = 100;
const EVERYWHERE_METRES = 1e12;

/** What opening leaves for later: the first reads of a world that was just opened, one after another. */
export function measureFirstReads(job: Job): Figure[] {
  return coldAndWarm(() => {
    const { scene } = openReplica(job);
    const startedMs = performance.now();
    const walked = walk(scene);
    const walkedMs = performance.now();
    const named = ask(scene, { name: nameOfFirst(scene), limit: PAGE });
    const namedMs = performance.now();
    const near = ask(scene, {
      within: { sphere: { center: [0, 0, 0], radius: EVERYWHERE_METRES } },
      limit: PAGE,
    });
    const nearMs = performance.now();
    if (walked !== job.objects || named === 0 || near !== Math.min(PAGE, job.objects))
      throw new Error(`first reads: walked ${walked} objects, found ${named} by name and ${near} in space`);
    return {
      'first walk in tree order, after opening': walkedMs - startedMs,
      'first query by name, after opening': namedMs - walkedMs,
      'first query by place, after opening': nearMs - namedMs,
    };
  });
}

function walk(scene: Scene): number {
  let count = 0;
  const queue = [...scene.children(ROOT)];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    count += 1;
    for (const child of scene.children(id)) queue.push(child);
  }
  return count;
}

function ask(scene: Scene, question: ObjectQuery): number {
  return query(scene, question).ids.length;
}

function nameOfFirst(scene: Scene): string {
  for (const id of scene.ids()) return scene.get(id)?.node?.name ?? '';
  return '';
}
