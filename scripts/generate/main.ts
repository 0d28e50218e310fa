import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAGE, withFigures } from '../../bench/src/report/readme/measured-section.ts';
import { MOTION_PAGE, withMotionFigures } from '../../bench/src/report/readme/motion-section.ts';
import { generatedFiles } from './generated-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const read = (path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
const files = new Map(generatedFiles());
files.set(PAGE, withFigures(read(PAGE) ?? '', read));
files.set(MOTION_PAGE, withMotionFigures(read(MOTION_PAGE) ?? '', read));
for (const [path, text] of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
console.log(`${files.size} files written`);
