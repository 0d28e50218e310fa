export { launchBrowser } from '../chromium/launch-browser.ts';
export { MAX_PAGES, type PagesOptions, pages } from './pages.ts';
export { serveBuiltPages } from './serve-built-pages.ts';
export { type PageServer, servePages } from './serve-pages.ts';
