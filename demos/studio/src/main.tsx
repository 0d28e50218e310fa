import { render } from 'preact';
import { App } from './app.tsx';
import { openWorldOf } from './session/open-world.ts';
import { thisPage } from './session/page.ts';
import './theme/index.css';
import { renderOptions } from './viewport/options.ts';

const place = document.getElementById('app');
if (place !== null) {
  render(<App page={thisPage} options={renderOptions(location.search)} openWorld={openWorldOf} />, place);
}
