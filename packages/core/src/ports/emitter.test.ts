import { describe, expect, it } from 'vitest';
import { Emitter, MAX_HELD_EVENTS } from './emitter.ts';

interface Events {
  readonly lost: number;
  readonly moved: number;
}

function emitter() {
  const thrown: unknown[] = [];
  return { thrown, events: new Emitter<Events>({ failed: (error) => thrown.push(error), held: ['lost'] }) };
}

describe('an event that nobody hears yet', () => {
  it('[F14] waits for its first listener where it must not be lost, and for no other', () => {
    const { events } = emitter();
    events.emit('lost', 1);
    events.emit('moved', 2);
    events.emit('lost', 3);
    const heard: [string, number][] = [];
    events.on('lost', (value) => heard.push(['first', value]));
    events.on('lost', (value) => heard.push(['second', value]));
    events.on('moved', (value) => heard.push(['moved', value]));
    events.emit('lost', 4);
    expect(heard).toEqual([
      ['first', 1],
      ['first', 3],
      ['first', 4],
      ['second', 4],
    ]);
  });

  it('[F14] is forgotten past the bound, the oldest first', () => {
    const { events } = emitter();
    for (let value = 0; value <= MAX_HELD_EVENTS; value += 1) events.emit('lost', value);
    const heard: number[] = [];
    events.on('lost', (value) => heard.push(value));
    expect([heard.length, heard[0], heard.at(-1)]).toEqual([MAX_HELD_EVENTS, 1, MAX_HELD_EVENTS]);
  });

  it('[F11] that a listener throws at does not keep the others from hearing', () => {
    const { events, thrown } = emitter();
    events.emit('lost', 1);
    events.on('lost', () => {
      throw new Error('no');
    });
    const heard: number[] = [];
    events.on('lost', (value) => heard.push(value));
    events.emit('lost', 2);
    expect([heard, thrown.length]).toEqual([[2], 2]);
  });
});
