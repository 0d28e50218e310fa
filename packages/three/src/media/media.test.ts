import type { ObjectId } from '@weft/core';
import { PerspectiveCamera, Scene } from 'three';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestScene, testScene } from '../../test/scene-source.ts';
import { type TwinPlayer, twinMedia } from '../../test/twin-media.ts';
import { MAX_SOUNDS } from '../asset/library.ts';
import { MAX_LIVE_SOUNDS } from '../binding/audio.ts';
import { WorldView } from '../world-view.ts';
import { CLIP_PROBE_MS, MAX_FILM_PIXELS } from './clip.ts';
import { loudnessAt } from './loudness.ts';

const WAV = new TextEncoder().encode('RIFF....WAVEfmt ');
const MP4 = new TextEncoder().encode('....ftypisom....');

let world: TestScene;
let media: ReturnType<typeof twinMedia>;
let view: WorldView;
let files: Map<string, Uint8Array>;
let camera: PerspectiveCamera;

beforeEach(() => {
  world = testScene();
  media = twinMedia();
  camera = new PerspectiveCamera(50, 1, 0.1, 100);
  files = new Map([
    ['mxc://a/bell', WAV],
    ['mxc://a/film', MP4],
    ['mxc://a/text', new TextEncoder().encode('nothing of the kind')],
  ]);
  view = new WorldView(world.source, {
    scene: new Scene(),
    camera,
    markers: true,
    media: media.host,
    loadAsset: async ({ src }) => ({ bytes: files.get(src) ?? (await Promise.reject(new Error('missing'))) }),
  }).start();
});

afterEach(() => view.dispose());

function add(components: Parameters<Parameters<Parameters<TestScene['edit']>[0]>[0]['add']>[0]): ObjectId {
  return world.edit((e) => e.add(components));
}

/** Waits until a player was made for this many clips, and says that it can play them. */
async function probed(count = 1, size = [0, 0]): Promise<void> {
  const asked = new Set<TwinPlayer>();
  while (asked.size < count) {
    await new Promise<void>((next) => setImmediate(next));
    for (const player of media.players.filter(({ preload, src }) => preload === 'metadata' && src !== '')) {
      asked.add(player);
      [player.videoWidth = 0, player.videoHeight = 0] = size;
      player.dispatchEvent(new Event('loadedmetadata'));
    }
  }
  await settled();
}

async function settled(): Promise<void> {
  while (view.assets.some(({ state }) => state === 'loading'))
    await new Promise<void>((next) => setImmediate(next));
}

const playing = () => media.players.filter(({ src, paused }) => src !== '' && !paused);
const click = () => media.gestures.dispatchEvent(new Event('pointerdown'));

describe('a sound', () => {
  it('[AS46] begins with the first click, and not before', async () => {
    add({ audio: { src: 'mxc://a/bell', loop: true } });
    expect(view.sound).toBe('none');
    await probed();
    expect([view.sound, playing()]).toEqual(['waiting', []]);
    click();
    await settled();
    expect([view.sound, playing().length, playing()[0]?.loop]).toEqual(['on', 1, true]);
  });

  it('[AS46] goes on waiting where the browser refuses, and begins with a later click', async () => {
    add({ audio: { src: 'mxc://a/bell' } });
    await probed();
    const [context] = media.contexts;
    if (context === undefined) throw new Error('no context');
    context.isAllowed = false;
    await view.startSound();
    expect([view.sound, playing()]).toEqual(['waiting', []]);
    context.isAllowed = true;
    click();
    await settled();
    expect(view.sound).toBe('on');
  });

  it('fades with distance, is as loud everywhere where it is not spatial, and follows its object', async () => {
    const id = add({ audio: { src: 'mxc://a/bell', refDistance: 2, maxDistance: 8, volume: 0.5 } });
    await probed();
    await view.startSound();
    const volumeAt = (x: number) => {
      world.edit((e) => e.set(id, { transform: { position: [x, 0, 0] } }));
      view.update();
      return media.contexts[0]?.gains[0]?.gain.value;
    };
    expect([volumeAt(1), volumeAt(4), volumeAt(8), volumeAt(80)]).toEqual([0.5, 0.25, 0.125, 0.125]);
    world.edit((e) => e.set(id, { audio: { spatial: false } }));
    expect(volumeAt(80)).toBe(0.5);
  });

  it('stops when it is turned off, muted, deleted, or names another file', async () => {
    const id = add({ audio: { src: 'mxc://a/bell' } });
    await probed();
    await view.startSound();
    world.edit((e) => e.set(id, { audio: { playing: false } }));
    expect(playing()).toEqual([]);
    world.edit((e) => e.set(id, { audio: { playing: true } }));
    expect(playing()).toHaveLength(1);
    view.muteSound();
    expect([view.sound, playing()]).toEqual(['muted', []]);
    click();
    expect(view.sound).toBe('muted');
    await view.startSound();
    expect(playing()).toHaveLength(1);
    world.edit((e) => e.remove(id));
    expect([playing(), view.sound, view.resources.sounds, view.resources.voices]).toEqual([[], 'none', 0, 0]);
  });

  it('that has come to its end is not begun again by an edit', async () => {
    const id = add({ audio: { src: 'mxc://a/bell', loop: false } });
    await probed();
    await view.startSound();
    const [player] = playing();
    if (player === undefined) throw new Error('nothing plays');
    player.ended = true;
    const { plays } = player;
    world.edit((e) => e.set(id, { audio: { volume: 0.3 } }));
    expect(player.plays).toBe(plays);
  });

  it('[AS46] that is none, or that the browser cannot play, is listed with the reason and can be tried again', async () => {
    add({ audio: { src: 'mxc://a/text' } });
    await settled();
    expect(view.assets[0]).toMatchObject({ state: 'failed', reason: expect.stringContaining('MP3') });
    add({ audio: { src: 'mxc://a/bell' } });
    while (media.players.length === 0) await new Promise<void>((next) => setImmediate(next));
    media.players[0]?.dispatchEvent(new Event('error'));
    await settled();
    expect(view.assets[1]).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('another format'),
    });
    view.retryAsset('mxc://a/bell');
    await probed();
    expect(view.assets[1]?.state).toBe('ready');
  });

  it('[AS46] at which the browser never comes to an end is given up', async () => {
    add({ audio: { src: 'mxc://a/bell' } });
    while (media.players.length === 0) await new Promise<void>((next) => setImmediate(next));
    await media.timers.advance(CLIP_PROBE_MS);
    await settled();
    expect(view.assets[0]?.reason).toContain('cannot make out');
  });

  it('[AS46] is bounded: so many at once, the others wait for a place; so many files, the others say why', async () => {
    const ids = Array.from({ length: MAX_LIVE_SOUNDS + 1 }, () => add({ audio: { src: 'mxc://a/bell' } }));
    await probed();
    await view.startSound();
    expect(playing()).toHaveLength(MAX_LIVE_SOUNDS);
    const [first = ids[0]] = ids;
    if (first !== undefined) world.edit((e) => e.remove(first));
    expect(playing()).toHaveLength(MAX_LIVE_SOUNDS);
    for (let at = 0; at < MAX_SOUNDS; at += 1) {
      files.set(`mxc://a/${at}`, WAV);
      add({ audio: { src: `mxc://a/${at}` } });
    }
    await probed(MAX_SOUNDS - 1);
    expect(view.assets.filter(({ state }) => state === 'failed').map(({ reason }) => reason)).toEqual([
      `at most ${MAX_SOUNDS} different sounds are held at once`,
    ]);
  });
});

describe('a film', () => {
  it('[AS46] plays in silence before the first click, and is heard after it where it is not muted', async () => {
    add({ video: { src: 'mxc://a/film', muted: false } });
    await probed(1, [640, 360]);
    expect(playing().map(({ muted }) => muted)).toEqual([true]);
    await view.startSound();
    expect(playing().map(({ muted }) => muted)).toEqual([false]);
  });

  it('[AS46] is shown up to the most pixels, and refused past them', async () => {
    add({ video: { src: 'mxc://a/film' } });
    await probed(1, [MAX_FILM_PIXELS, 1]);
    expect(view.assets[0]?.state).toBe('ready');
    files.set('mxc://a/large', MP4);
    add({ video: { src: 'mxc://a/large' } });
    await probed(1, [MAX_FILM_PIXELS + 1, 1]);
    expect(view.assets[1]?.reason).toContain('pixels');
  });

  it('gives everything back', async () => {
    const id = add({ video: { src: 'mxc://a/film', projection: 'sphere' } });
    await probed(1, [640, 320]);
    world.edit((e) => e.remove(id));
    expect(Object.values(view.resources).filter((count) => count !== 0)).toEqual([]);
    expect(playing()).toEqual([]);
  });
});

it('loudness halves with each doubling, within its bounds', () => {
  const reach = { refDistance: 1, maxDistance: 16 };
  expect([0, 1, 2, 4, 16, 1_000].map((metres) => loudnessAt(metres, reach))).toEqual([
    1,
    1,
    0.5,
    0.25,
    1 / 16,
    1 / 16,
  ]);
  expect(loudnessAt(9, { refDistance: 4, maxDistance: 1 })).toBe(1);
});
