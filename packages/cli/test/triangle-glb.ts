/** One triangle of 1 x 2 metres, as a binary glTF file. */
export function triangleGlb(): Uint8Array {
  const json = JSON.stringify({
    asset: { version: '2.0' },
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [0, 0, 0], max: [1, 2, 0] },
    ],
    bufferViews: [{ buffer: 0, byteLength: 36 }],
    buffers: [{ byteLength: 36 }],
  });
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 4) * 4));
  const positions = Buffer.from(new Float32Array([0, 0, 0, 1, 0, 0, 0, 2, 0]).buffer);
  const header = Buffer.from('glTF\x02\0\0\0', 'latin1');
  return Buffer.concat([
    header,
    word(28 + text.length + positions.length),
    chunk('JSON', text),
    chunk('BIN\0', positions),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  return Buffer.concat([word(data.length), Buffer.from(type, 'latin1'), data]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
