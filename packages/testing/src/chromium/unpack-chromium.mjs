// Unpacks @sparticuz/chromium, which is installed beside the repository's own packages, into TMPDIR.
// Arguments: the folder that has it in its node_modules. A process of its own, since the package knows only TMPDIR.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const path = createRequire(join(folder, 'package.json')).resolve('@sparticuz/chromium');
const { default: chromium, inflate } = await import(path);
await chromium.executablePath();
// Libraries that a machine without a desktop may lack; used only where they are missing.
await inflate(join(path, '..', '..', 'bin', 'al2023.tar.br'));
