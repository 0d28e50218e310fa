import { type Browser, chromium } from 'playwright-core';
import { chromiumEnvironment, ensureChromium } from './chromium.ts';

// WebGL 2 in software, without a GPU or a window system.
const GRAPHICS = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];
const MEDIA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const STEADY = ['--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--mute-audio'];

/**
 * A browser of the caller's own, with a profile that nobody had before; whoever launched it closes it.
 *
 * @throws ChromiumError where there is no Chromium
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await ensureChromium();
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: [...GRAPHICS, ...MEDIA, ...STEADY, ...(isRoot ? ['--no-sandbox'] : [])],
    env: { ...definedOnly(process.env), ...chromiumEnvironment(executablePath) },
  });
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) defined[name] = value;
  return defined;
}
