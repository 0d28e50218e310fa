/** How a page is asked to draw, in its address: `?render=low|off` and `?time=fixed`. */
export interface RenderOptions {
  /** `low`: 320 × 180 without smoothing, for machines without a GPU; `off`: no view at all. */
  readonly quality: 'full' | 'low' | 'off';
  /** Nothing moves by itself: no easing, no inertia. */
  readonly still: boolean;
}

export const LOW_WIDTH_PIXELS = 320;

export function renderOptions(search: string): RenderOptions {
  const parameters = new URLSearchParams(search);
  const render = parameters.get('render');
  const quality = render === 'low' || render === 'off' ? render : 'full';
  return { quality, still: parameters.get('time') === 'fixed' };
}
