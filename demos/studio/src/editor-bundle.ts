/** What a page loads once it has a world to open, and three.js with it. */
export { Editor } from './editor.tsx';
export { Studio } from './state/studio.ts';
