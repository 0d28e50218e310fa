import { createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { dendriteConfig, signingKeyFile } from './dendrite-config.ts';

function config(rateLimits: 'stock' | 'relaxed') {
  return dendriteConfig({
    folder: '/weft/b',
    serverName: 'localhost:41000',
    signingKey: '/weft/b/signing.pem',
    rateLimits,
    registrationSecret: 'secret',
  });
}

test('a Dendrite keeps all it has in its folder and asks nobody but its peers', () => {
  const text = JSON.stringify(config('relaxed'));
  expect([...text.matchAll(/"file:([^"]*)"/g)].every(([, path]) => path?.startsWith('/weft/b/'))).toBe(true);
  expect(config('relaxed')).toMatchObject({
    global: { server_name: 'localhost:41000', report_stats: { enabled: false } },
    federation_api: { key_perspectives: [], deny_networks: [], disable_tls_validation: true },
    client_api: { registration_disabled: true, registration_shared_secret: 'secret' },
  });
});

test('it limits as it is shipped where it is asked to', () => {
  const limits = (kind: 'stock' | 'relaxed') =>
    JSON.stringify(config(kind)).match(/"rate_limiting":{[^}]*}/)?.[0];
  expect(limits('stock')).toContain('"enabled":true,"threshold":20');
  expect(limits('relaxed')).toContain('"enabled":false');
});

test('a signing key is a PEM block with the id of the key', () => {
  const seed = Uint8Array.from({ length: 32 }, (_, at) => at);
  const [begin, id, blank, body, end] = signingKeyFile('weft', seed).split('\n');
  expect([begin, id, blank]).toEqual(['-----BEGIN MATRIX PRIVATE KEY-----', 'Key-ID: ed25519:weft', '']);
  expect(end).toBe('-----END MATRIX PRIVATE KEY-----');
  // The seed is what an Ed25519 key is made of: the DER header of PKCS 8, then these bytes.
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(body ?? '', 'base64'),
  ]);
  expect(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).asymmetricKeyType).toBe('ed25519');
});
