import type { Video } from '@weft/core';
import {
  type BufferGeometry,
  DoubleSide,
  Group,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  SphereGeometry,
  SRGBColorSpace,
  VideoTexture,
} from 'three';
import { assetRefOf } from '../asset/asset-ref.ts';
import { AssetSlot } from '../asset/asset-slot.ts';
import { type Clip, closePlayer } from '../media/clip.ts';
import type { Placement, Speaker } from '../media/speakers.ts';
import { makePlaceholder } from '../shared/placeholder.ts';
import { Slot } from '../shared/pool.ts';
import type { BindingKind } from './binding.ts';

/** Films that play at once, in the order in which they came; the others wait for a place. */
export const MAX_LIVE_FILMS = 4;

const PLACEHOLDER_ASPECT = 16 / 9;
const PLACEHOLDER_DEPTH_METRES = 0.02;
/** A film all round is drawn on a ball of this radius around whoever looks; depth does not count for it. */
const ROUND_METRES = 10;
/** How far from a flat film it is heard. */
const HEARD_METRES = 50;

/** `video`: a film on a plane that faces +z, or all round the world. */
export const video: BindingKind = {
  component: 'video',
  reads: [],
  make(id, host) {
    const part = new Group();
    const placeholder = makePlaceholder(host);
    const geometry = new Slot(host.geometries);
    const material = new MeshBasicMaterial({ side: DoubleSide });
    const screen = new Mesh(
      geometry.take('upright', () => new PlaneGeometry(1, 1)),
      material,
    );
    const pick = screen.raycast;
    part.add(screen, placeholder.part);
    let wish: Video | undefined;
    let clip: Clip | null = null;
    let film: { readonly player: HTMLVideoElement; readonly speaker: Speaker } | null = null;
    let isGranted = false;

    // What surrounds the world has no distance.
    screen.onBeforeRender = (_renderer, _scene, camera) => {
      if (wish?.projection === 'sphere') screen.matrixWorld.copyPosition(camera.matrixWorld);
    };

    function shape(): void {
      const isRound = wish?.projection === 'sphere';
      const width = wish?.width ?? 1;
      screen.geometry = isRound
        ? geometry.take('film-round', roundScreen)
        : geometry.take('upright', () => new PlaneGeometry(1, 1));
      const aspect = clip === null || clip.height === 0 ? PLACEHOLDER_ASPECT : clip.width / clip.height;
      screen.scale.set(...(isRound ? ([1, 1, 1] as const) : ([width, width / aspect, 1] as const)));
      screen.renderOrder = isRound ? -1 : 0;
      screen.frustumCulled = !isRound;
      screen.raycast = isRound ? () => {} : pick;
      material.depthTest = !isRound;
      material.depthWrite = !isRound;
      placeholder.place([0, 0, 0], [width, width / PLACEHOLDER_ASPECT, PLACEHOLDER_DEPTH_METRES]);
    }

    function stop(): void {
      material.map?.dispose();
      material.map = null;
      film?.speaker.dispose();
      if (film !== null) closePlayer(film.player);
      film = null;
    }

    function play(): void {
      if (film === null || wish === undefined) return;
      const { player, speaker } = film;
      player.loop = wish.loop;
      // Without a click a browser plays films only in silence.
      player.muted = wish.muted || host.speakers.state !== 'on';
      speaker.place(placementOf(wish));
      // One that has come to its end stays there.
      if (!player.ended || wish.loop) void player.play().catch(() => {});
    }

    function settle(): void {
      if (clip === null || !isGranted || host.media === null || wish === undefined) {
        stop();
      } else if (film === null) {
        const player = host.media.video();
        player.playsInline = true;
        player.muted = true;
        player.src = clip.url;
        const texture = new VideoTexture(player);
        texture.colorSpace = SRGBColorSpace;
        material.map = texture;
        material.needsUpdate = true;
        const redraw = () => {
          if (film?.player !== player) return;
          host.redraw();
          player.requestVideoFrameCallback(redraw);
        };
        film = { player, speaker: host.speakers.add(player, part, placementOf(wish), play) };
        player.requestVideoFrameCallback(redraw);
        play();
      }
      screen.visible = film !== null;
      placeholder.part.visible = film === null;
      shape();
      host.redraw();
    }

    const giveBack = host.liveFilms.claim((may) => {
      isGranted = may;
      settle();
    });
    const asset = new AssetSlot(host.films, id, (outcome) => {
      stop();
      clip = outcome?.state === 'ready' ? outcome.value : null;
      placeholder.show(outcome?.state === 'failed' ? 'failed' : 'loading');
      settle();
    });
    return {
      part,
      update({ video }) {
        wish = video;
        asset.want(assetRefOf(video));
        play();
        shape();
      },
      dispose() {
        giveBack();
        stop();
        asset.release();
        placeholder.dispose();
        geometry.release();
        material.dispose();
      },
    };
  },
};

// Seen from within, its middle towards +x: as a picture of the sky is.
function roundScreen(): BufferGeometry {
  return new SphereGeometry(ROUND_METRES, 64, 32).scale(-1, 1, 1).rotateY(Math.PI);
}

function placementOf({ volume, projection, width }: Video): Placement {
  const reach = projection === 'sphere' ? null : { refDistance: width, maxDistance: HEARD_METRES };
  return { volume, reach };
}
