import { describe, expect, it } from 'vitest';
import { instancePaths } from './paths.ts';
import { logConfig, synapseConfig } from './synapse-config.ts';

function config(rateLimits: 'relaxed' | 'stock') {
  return synapseConfig({
    paths: instancePaths('/weft', 'main'),
    serverName: 'localhost:41000',
    port: 41_001,
    rateLimits,
    registrationSecret: 'registration',
    macaroonSecret: 'macaroon',
    formSecret: 'form',
  });
}

describe('the configuration of a local Synapse', () => {
  it('listens on the loopback address only, without federation', () => {
    expect(config('relaxed').listeners).toEqual([
      {
        type: 'http',
        port: 41_001,
        bind_addresses: ['127.0.0.1'],
        tls: false,
        resources: [{ names: ['client', 'openid'], compress: false }],
      },
    ]);
    expect(config('relaxed').federation_domain_whitelist).toEqual([]);
  });

  it('tells nobody about itself and asks nobody for keys', () => {
    expect(config('relaxed')).toMatchObject({
      report_stats: false,
      trusted_key_servers: [],
      url_preview_enabled: false,
      enable_registration: false,
    });
  });

  it('sets no limit of its own when asked for the stock ones', () => {
    const limits = (kind: 'relaxed' | 'stock') =>
      Object.keys(config(kind)).filter((key) => key.startsWith('rc_'));
    expect(limits('stock')).toEqual([]);
    expect(limits('relaxed')).toContain('rc_message');
  });

  it('bounds its log', () => {
    expect(logConfig('/weft/log')).toMatchObject({
      handlers: { file: { maxBytes: 4_194_304, backupCount: 2 } },
    });
  });
});

describe('the name of an instance', () => {
  it.each(['main', 'check', 'test-1', 'a'.repeat(32)])('may be %s', (name) => {
    expect(instancePaths('/weft', name).folder).toBe(`/weft/instances/${name}`);
  });

  it.each(['', '..', '../main', 'Main', '-x', 'a/b', 'a'.repeat(33)])('may not be "%s"', (name) => {
    expect(() => instancePaths('/weft', name)).toThrow(/cannot name a local instance/);
  });
});
