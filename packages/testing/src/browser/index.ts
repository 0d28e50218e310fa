export { launchBrowser } from '../chromium/launch-browser.ts';
export { MAX_PAGES, type PagesOptions, pages } from './pages.ts';
