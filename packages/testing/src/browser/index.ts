export { launchBrowser, MAX_PAGES, type PagesOptions, pages } from './pages.ts';
