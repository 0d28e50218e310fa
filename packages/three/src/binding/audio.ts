import type { Audio } from '@weft/core';
import { Group } from 'three';
import { assetRefOf } from '../asset/asset-ref.ts';
import { AssetSlot } from '../asset/asset-slot.ts';
import { type Clip, closePlayer } from '../media/clip.ts';
import type { Placement, Speaker } from '../media/speakers.ts';
import { makeMarker } from '../shared/marker.ts';
import type { BindingKind } from './binding.ts';

/** Sounds and films that are heard at once, in the order in which they came; the others wait for a place. */
export const MAX_LIVE_SOUNDS = 16;

const COLOURS = { loading: '#8a93a3', ready: '#3fa796', failed: '#d9534f' } as const;

/** `audio`: a sound that comes from where the object is. */
export const audio: BindingKind = {
  component: 'audio',
  reads: [],
  make(id, host) {
    const part = new Group();
    const marker = host.markers ? makeMarker(host) : null;
    if (marker !== null) part.add(marker.part);
    let wish: Audio | undefined;
    let clip: Clip | null = null;
    let player: HTMLAudioElement | null = null;
    let speaker: Speaker | null = null;
    let isGranted = false;

    function stop(): void {
      speaker?.dispose();
      if (player !== null) closePlayer(player);
      speaker = null;
      player = null;
    }

    function play(): void {
      if (player === null || wish === undefined) return;
      player.loop = wish.loop;
      speaker?.place(placementOf(wish));
      if (!wish.playing || host.speakers.state !== 'on') player.pause();
      // One that has come to its end stays there, and begins anew when it is turned off and on.
      else if (!player.ended || wish.loop) void player.play().catch(() => {});
      if (!wish.playing && player.ended) player.currentTime = 0;
    }

    function settle(): void {
      if (clip === null || !isGranted || host.media === null || wish === undefined) {
        stop();
        return;
      }
      if (player !== null) return;
      player = host.media.audio();
      player.preload = 'auto';
      player.src = clip.url;
      speaker = host.speakers.add(player, part, placementOf(wish), play);
    }

    const giveBack = host.liveSounds.claim((may) => {
      isGranted = may;
      settle();
    });
    const asset = new AssetSlot(host.sounds, id, (outcome) => {
      stop();
      clip = outcome?.state === 'ready' ? outcome.value : null;
      marker?.tint(COLOURS[outcome?.state ?? 'loading']);
      settle();
      host.redraw();
    });
    return {
      part,
      update({ audio }) {
        wish = audio;
        asset.want(assetRefOf(audio));
        play();
      },
      dispose() {
        giveBack();
        stop();
        asset.release();
        marker?.dispose();
      },
    };
  },
};

function placementOf({ volume, spatial, refDistance, maxDistance }: Audio): Placement {
  return { volume, reach: spatial ? { refDistance, maxDistance } : null };
}
