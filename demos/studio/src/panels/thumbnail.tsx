import type { AssetRef } from '@weft/assets';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Studio } from '../state/studio.ts';

interface ThumbnailProps {
  readonly studio: Studio;
  readonly of: AssetRef | null;
  readonly class?: string;
  /** Stands there until the picture does, and where there is none. */
  readonly children: ComponentChildren;
}

/** A small picture of what a file shows. */
export function Thumbnail({ studio, of, class: extra = '', children }: ThumbnailProps) {
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const key = of === null ? null : `${of.sha256} ${of.src}`;
  useEffect(() => {
    if (of === null) return;
    const stop = studio.thumbnails.use(of, setPicture);
    return () => {
      stop();
      setPicture(null);
    };
  }, [studio, key]);
  // Drawn at once: a bitmap is closed by whoever stops using it last.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (picture !== null) context?.drawImage(picture, 0, 0);
  }, [picture]);
  if (picture === null) return <>{children}</>;
  return <canvas class={`thumbnail ${extra}`} width={picture.width} height={picture.height} ref={canvas} />;
}
