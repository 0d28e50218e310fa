import { describe, expect, it } from 'vitest';
import { MAX_TO_DEVICE_BYTES, MAX_TO_DEVICE_MESSAGES, parseToDevice } from './to-device.ts';

const SENDER = '@relay:example.org';

function message(content: unknown, rest: object = {}): object {
  return { type: 'world.weft.ticket', sender: SENDER, content, ...rest };
}

describe('parseToDevice', () => {
  it('reads what is a message, and leaves out the rest', () => {
    const good = message({ nonce: 'n' });
    const events = [
      good,
      null,
      7,
      message('text'),
      message({}, { sender: 'relay' }),
      message({}, { type: 1 }),
    ];
    expect(parseToDevice({ events })).toEqual([good]);
    for (const section of [undefined, null, [], { events: {} }]) expect(parseToDevice(section)).toEqual([]);
  });

  it('takes a message at the bound of bytes, and not one past it', () => {
    const overhead = JSON.stringify({ text: '' }).length;
    const fitting = message({ text: 'x'.repeat(MAX_TO_DEVICE_BYTES - overhead) });
    const larger = message({ text: 'x'.repeat(MAX_TO_DEVICE_BYTES - overhead + 1) });
    expect(parseToDevice({ events: [fitting, larger] })).toEqual([fitting]);
    const type = 'x'.repeat(255);
    expect(
      parseToDevice({ events: [message({}, { type }), message({}, { type: `${type}x` })] }),
    ).toHaveLength(1);
  });

  it('takes as many messages as the bound says', () => {
    const events = Array.from({ length: MAX_TO_DEVICE_MESSAGES + 1 }, (_, at) => message({ at }));
    const read = parseToDevice({ events });
    expect(read).toHaveLength(MAX_TO_DEVICE_MESSAGES);
    expect(read.at(-1)?.content).toEqual({ at: MAX_TO_DEVICE_MESSAGES - 1 });
  });
});
