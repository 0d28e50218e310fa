import type { InstancePaths } from './paths.ts';

/** `stock`: the limits that an unconfigured Synapse has (0.2 events/s a user, burst 10). */
export type RateLimits = 'relaxed' | 'stock';

export interface SynapseConfigInput {
  readonly paths: InstancePaths;
  readonly serverName: string;
  readonly port: number;
  readonly rateLimits: RateLimits;
  readonly registrationSecret: string;
  readonly macaroonSecret: string;
  readonly formSecret: string;
}

export const LOOPBACK = '127.0.0.1';
const MAX_LOG_FILE_BYTES = 4 * 1024 * 1024;
const KEPT_LOG_FILES = 2;
const RELAXED = { per_second: 100_000, burst_count: 100_000 } as const;

/**
 * The whole configuration of a local Synapse, as JSON (which is YAML). It talks to nobody: loopback only, no
 * federation, no key servers, no telemetry, no link previews.
 * Source: Synapse's configuration manual; the experimental features are MSC4143, MSC4222 and MSC4354, delayed
 * events are MSC4140.
 */
export function synapseConfig(input: SynapseConfigInput): Record<string, unknown> {
  return {
    server_name: input.serverName,
    public_baseurl: `http://${LOOPBACK}:${input.port}/`,
    listeners: [
      {
        type: 'http',
        port: input.port,
        bind_addresses: [LOOPBACK],
        tls: false,
        resources: [{ names: ['client', 'openid'], compress: false }],
      },
    ],
    database: { name: 'sqlite3', args: { database: input.paths.database } },
    media_store_path: input.paths.media,
    signing_key_path: input.paths.signingKey,
    log_config: input.paths.logConfig,
    registration_shared_secret: input.registrationSecret,
    macaroon_secret_key: input.macaroonSecret,
    form_secret: input.formSecret,
    enable_registration: false,
    default_room_version: '12',
    report_stats: false,
    trusted_key_servers: [],
    suppress_key_server_warning: true,
    federation_domain_whitelist: [],
    url_preview_enabled: false,
    max_event_delay_duration: '24h',
    experimental_features: { msc4143_enabled: true, msc4222_enabled: true, msc4354_enabled: true },
    ...(input.rateLimits === 'relaxed' ? relaxedLimits() : {}),
  };
}

function relaxedLimits(): Record<string, unknown> {
  return {
    rc_message: RELAXED,
    rc_registration: RELAXED,
    rc_login: { address: RELAXED, account: RELAXED, failed_attempts: RELAXED },
    rc_admin_redaction: RELAXED,
    rc_joins: { local: RELAXED, remote: RELAXED },
    rc_joins_per_room: RELAXED,
    rc_invites: { per_room: RELAXED, per_user: RELAXED, per_issuer: RELAXED },
    rc_media_create: RELAXED,
    rc_presence: { per_user: RELAXED },
    rc_delayed_event_mgmt: RELAXED,
    rc_room_creation: RELAXED,
    rc_reports: RELAXED,
    rc_user_directory: RELAXED,
    rc_profile: RELAXED,
  };
}

/** Python logging: one file, rotated, never more than 12 MiB in all. */
export function logConfig(logFile: string): Record<string, unknown> {
  return {
    version: 1,
    disable_existing_loggers: false,
    formatters: { line: { format: '%(asctime)s %(levelname)s %(name)s: %(message)s' } },
    handlers: {
      file: {
        class: 'logging.handlers.RotatingFileHandler',
        filename: logFile,
        maxBytes: MAX_LOG_FILE_BYTES,
        backupCount: KEPT_LOG_FILES,
        encoding: 'utf8',
        formatter: 'line',
      },
    },
    root: { level: 'WARNING', handlers: ['file'] },
  };
}
