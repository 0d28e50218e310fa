import { describe, expect, it } from 'vitest';
import { instancePaths } from './paths.ts';
import { type FederationConfig, logConfig, synapseConfig } from './synapse-config.ts';

const TRANSPORT = { type: 'world.weft.relay', url: 'ws://127.0.0.1:1', user_id: '@relay:localhost:41000' };

function config(rateLimits: 'relaxed' | 'stock', federation: FederationConfig | null = null) {
  return synapseConfig({
    paths: instancePaths('/weft', 'main'),
    serverName: 'localhost:41000',
    port: 41_001,
    rateLimits,
    stateAfter: rateLimits === 'relaxed',
    rtcDrafts: rateLimits === 'relaxed',
    transports: [TRANSPORT],
    federation,
    appservices: [],
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

  it('talks to the servers of a federation on this machine, whose certificates nobody vouches for', () => {
    const ports = { namePort: 41_000, listenPort: 41_002 };
    const files = { certificate: '/weft/tls.crt', privateKey: '/weft/tls.key' };
    const federated = (retries: 'stock' | 'tuned') => config('stock', { ...ports, ...files, retries });
    expect(federated('stock').listeners).toMatchObject([
      { port: 41_001, tls: false },
      { port: 41_002, tls: true, bind_addresses: ['127.0.0.1'], resources: [{ names: ['federation'] }] },
    ]);
    expect(federated('stock')).toMatchObject({
      federation_verify_certificates: false,
      ip_range_blacklist: [],
      trusted_key_servers: [],
    });
    expect(federated('stock')).not.toHaveProperty('federation_domain_whitelist');
    expect(federated('stock')).not.toHaveProperty('federation');
    expect(federated('tuned')).toMatchObject({
      federation: { max_long_retries: 1000, max_long_retry_delay: '2s' },
    });
  });

  it('serves state_after where asked to', () => {
    expect(config('relaxed')).toMatchObject({ experimental_features: { msc4222_enabled: true } });
    expect(config('stock')).toMatchObject({ experimental_features: { msc4222_enabled: false } });
  });

  it('has what live sessions use, or what a stock one has', () => {
    expect(config('relaxed')).toMatchObject({
      max_event_delay_duration: '24h',
      matrix_rtc: { transports: [TRANSPORT] },
      experimental_features: { msc4143_enabled: true, msc4354_enabled: true },
    });
    expect(config('stock')).not.toHaveProperty('max_event_delay_duration');
    expect(config('stock')).not.toHaveProperty('matrix_rtc');
    expect(config('stock')).toMatchObject({
      experimental_features: { msc4143_enabled: false, msc4354_enabled: false },
      extra_well_known_client_content: { 'org.matrix.msc4143.rtc_foci': [TRANSPORT] },
    });
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
