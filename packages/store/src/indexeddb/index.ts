export { BrowserPlace } from './browser-place.ts';
