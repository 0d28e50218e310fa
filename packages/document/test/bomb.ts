import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeUint8,
  writeVarString,
  writeVarUint,
} from 'lib0/encoding';

const TEXT = 4;
const HAS_ORIGIN = 0x80;
const HAS_RIGHT_ORIGIN = 0x40;

/** An update of one client, struct by struct, sound or not. */
export function updateOf(client: number, structs: readonly ((encoder: Encoder) => unknown)[]): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, 1);
  writeVarUint(encoder, structs.length);
  writeVarUint(encoder, client);
  writeVarUint(encoder, 0);
  for (const write of structs) write(encoder);
  writeVarUint(encoder, 0);
  return toUint8Array(encoder);
}

/**
 * An update that takes Yjs a time that grows with its square: `anchors` letters one after another, then `items` that all want
 * to be at the beginning, each with another right neighbour. Of 8,000 and 8,000 it makes 96 KB and ten seconds.
 */
export function quadraticBomb(client: number, anchors: number, items: number): Uint8Array {
  const structs = Array.from({ length: anchors }, (_, at) => (encoder: Encoder) => {
    if (at === 0) {
      writeUint8(encoder, TEXT);
      writeVarUint(encoder, 1);
      writeVarString(encoder, 'text');
    } else {
      writeUint8(encoder, TEXT | HAS_ORIGIN);
      writeVarUint(encoder, client);
      writeVarUint(encoder, at - 1);
    }
    writeVarString(encoder, 'a');
  });
  const wanting = Array.from({ length: items }, (_, at) => (encoder: Encoder) => {
    writeUint8(encoder, TEXT | HAS_RIGHT_ORIGIN);
    writeVarUint(encoder, client);
    writeVarUint(encoder, anchors - 1 - (at % anchors));
    writeVarString(encoder, 'b');
  });
  return updateOf(client, [...structs, ...wanting]);
}
