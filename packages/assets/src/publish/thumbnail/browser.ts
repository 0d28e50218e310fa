import { openDecoder } from '../../decode/browser-decoder.ts';
import type { Workshop } from '../../workshop/workshop.ts';
import { drawPicture } from '../picture/browser.ts';
import type { DrawThumbnail } from '../publish-file.ts';
import { ThumbnailDrawer } from './thumbnail-drawer.ts';

/** Draws pictures and models small; models in a worker of the workshop. */
export function drawerOf(workshop: Pick<Workshop, 'draw'>): DrawThumbnail {
  const drawer = new ThumbnailDrawer({ workshop, openDecoder, drawPicture });
  return drawer.draw;
}
