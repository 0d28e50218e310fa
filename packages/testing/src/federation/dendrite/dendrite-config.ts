import type { RateLimits } from '@weft/cli/stack';

export interface DendriteConfigInput {
  readonly folder: string;
  readonly serverName: string;
  readonly signingKey: string;
  readonly rateLimits: RateLimits;
  readonly registrationSecret: string;
}

/**
 * The whole configuration of a Dendrite on SQLite, as JSON (which is YAML). It believes whatever certificate others
 * show, calls loopback addresses, and asks no key server.
 * Source: `dendrite-sample.yaml` of the release.
 */
export function dendriteConfig(input: DendriteConfigInput): Record<string, unknown> {
  const database = (name: string) => ({ connection_string: `file:${input.folder}/${name}.db` });
  return {
    version: 2,
    global: {
      server_name: input.serverName,
      private_key: input.signingKey,
      trusted_third_party_id_servers: [],
      presence: { enable_inbound: false, enable_outbound: false },
      report_stats: { enabled: false },
      jetstream: { storage_path: `${input.folder}/jetstream` },
    },
    client_api: {
      registration_disabled: true,
      registration_shared_secret: input.registrationSecret,
      rate_limiting: { enabled: input.rateLimits === 'stock', threshold: 20, cooloff_ms: 500 },
    },
    federation_api: {
      database: database('federationapi'),
      disable_tls_validation: true,
      key_perspectives: [],
      deny_networks: [],
      allow_networks: ['0.0.0.0/0', '::/0'],
    },
    key_server: { database: database('keyserver') },
    media_api: { database: database('mediaapi'), base_path: `${input.folder}/media` },
    mscs: { database: database('mscs') },
    relay_api: { database: database('relayapi') },
    room_server: { database: database('roomserver') },
    sync_api: { database: database('syncapi') },
    user_api: { account_database: database('userapi'), bcrypt_cost: 4 },
    logging: [{ type: 'std', level: 'warn' }],
  };
}

/** A signing key as Dendrite reads it. @param seed 32 random bytes */
export function signingKeyFile(keyId: string, seed: Uint8Array): string {
  const label = 'MATRIX PRIVATE KEY';
  const text = Buffer.from(seed).toString('base64');
  return `-----BEGIN ${label}-----\nKey-ID: ed25519:${keyId}\n\n${text}\n-----END ${label}-----\n`;
}
