/** Colours of the theme as three.js takes them; follows the system between light and dark. */
export interface ThemeColours {
  readonly background: string;
  readonly grid: string;
  readonly accent: string;
  /** Frames round what is selected. */
  readonly select: string;
  readonly axes: readonly [x: string, y: string, z: string];
}

const PROBE = 'background-color';

export function readThemeColours(): ThemeColours {
  return {
    background: resolve('--view-bg'),
    grid: resolve('--view-grid'),
    accent: resolve('--accent'),
    select: resolve('--select'),
    axes: [resolve('--axis-x'), resolve('--axis-y'), resolve('--axis-z')],
  };
}

/** @returns stops following */
export function followTheme(changed: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

// A custom property holds `light-dark(...)` as it was written; only a real property resolves it.
function resolve(name: string): string {
  const probe = document.createElement('span');
  probe.style.setProperty(PROBE, `var(${name})`);
  document.body.append(probe);
  const colour = getComputedStyle(probe).getPropertyValue(PROBE);
  probe.remove();
  return colour;
}
