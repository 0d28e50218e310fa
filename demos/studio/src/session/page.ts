import type { Page } from './session.ts';

/** The real page. */
export const thisPage: Page = {
  get path() {
    return location.pathname;
  },
  get fragment() {
    return location.hash;
  },
  store: sessionStorage,
  async fetchJson(path) {
    const response = await fetch(path, { headers: { accept: 'application/json' } });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  },
  stripFragment() {
    history.replaceState(history.state, '', location.pathname + location.search);
  },
};
