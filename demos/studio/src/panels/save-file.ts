import type { SaveFile } from '../state/exporting.ts';

/** How long the browser may take to begin with a file, in ms. */
const HELD_MS = 60_000;

/** Saves a file as the browser saves what is downloaded. */
export const saveFile: SaveFile = (bytes, name) => {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'model/gltf-binary' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), HELD_MS);
};
