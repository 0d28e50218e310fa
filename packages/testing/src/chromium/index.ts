export { CHROMIUM_VARIABLE, ChromiumError, ensureChromium } from './chromium.ts';
