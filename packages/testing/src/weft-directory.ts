import { fileURLToPath } from 'node:url';

/** The repository's folder for everything that is installed, started or measured; git ignores it. */
export const WEFT_DIRECTORY = fileURLToPath(new URL('../../../.weft', import.meta.url));
