import { parseMxcUri } from '@weft/matrix';
import { expect, test } from 'vitest';
import { uploadAsset } from './upload.ts';

test('an upload says where the file is, what it hashes to, and how long it is', async () => {
  const src = parseMxcUri('mxc://example.org/abc');
  const hello = new TextEncoder().encode('hello');
  const ref = await uploadAsset({ upload: async () => src }, hello, {
    name: 'hello.txt',
    type: 'text/plain',
  });
  const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
  expect(ref).toEqual({ src, sha256, bytes: 5 });
});
