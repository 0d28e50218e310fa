import type { InstancePaths } from './paths.ts';

/** `stock`: the limits that an unconfigured Synapse has (0.2 events/s a user, burst 10). */
export type RateLimits = 'relaxed' | 'stock';

/**
 * `stock`: a message that did not arrive is tried again after 4, 16 and then 60 s, and after a while every 10 minutes and
 * more. `tuned`: every 2 s, for as long as it takes.
 */
export type FederationRetries = 'stock' | 'tuned';

/** How a Synapse talks to others on this machine, which it believes whatever certificate they show. */
export interface FederationConfig {
  /**
   * The port in its server name, `localhost:PORT`, where others call it. It does not listen there itself: whoever made
   * the federation passes calls on to `listenPort`, or does not.
   */
  readonly namePort: number;
  /** Where it takes calls of other servers, over TLS. */
  readonly listenPort: number;
  /** Files in PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly retries: FederationRetries;
}

export interface SynapseConfigInput {
  readonly paths: InstancePaths;
  readonly serverName: string;
  readonly port: number;
  readonly rateLimits: RateLimits;
  /** Whether it serves `state_after` (MSC4222), which a stock Synapse does not. */
  readonly stateAfter: boolean;
  /** Whether it has what live sessions use where it is there: sticky and delayed events, transports. A stock one has not. */
  readonly rtcDrafts: boolean;
  /** The transports for live sessions that it offers to its users (MSC4143). */
  readonly transports: readonly object[];
  /** Null where it talks to nobody. */
  readonly federation: FederationConfig | null;
  /** Files that register application services. */
  readonly appservices: readonly string[];
  readonly registrationSecret: string;
  readonly macaroonSecret: string;
  readonly formSecret: string;
}

export const LOOPBACK = '127.0.0.1';
const MAX_LOG_FILE_BYTES = 4 * 1024 * 1024;
const KEPT_LOG_FILES = 2;
const RELAXED = { per_second: 100_000, burst_count: 100_000 } as const;

/**
 * The whole configuration of a local Synapse, as JSON (which is YAML). It talks to nobody but the servers of a
 * federation on this machine: loopback only, no key servers, no telemetry, no link previews.
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
      ...(input.federation === null ? [] : [federationListener(input.federation)]),
    ],
    database: { name: 'sqlite3', args: { database: input.paths.database } },
    media_store_path: input.paths.media,
    signing_key_path: input.paths.signingKey,
    log_config: input.paths.logConfig,
    registration_shared_secret: input.registrationSecret,
    macaroon_secret_key: input.macaroonSecret,
    form_secret: input.formSecret,
    enable_registration: false,
    app_service_config_files: input.appservices,
    default_room_version: '12',
    report_stats: false,
    trusted_key_servers: [],
    suppress_key_server_warning: true,
    ...(input.federation === null
      ? { federation_domain_whitelist: [] }
      : federationOptions(input.federation)),
    url_preview_enabled: false,
    ...(input.rtcDrafts
      ? { max_event_delay_duration: '24h', matrix_rtc: { transports: input.transports } }
      : {}),
    experimental_features: {
      msc4143_enabled: input.rtcDrafts,
      msc4222_enabled: input.stateAfter,
      msc4354_enabled: input.rtcDrafts,
    },
    extra_well_known_client_content: { 'org.matrix.msc4143.rtc_foci': input.transports },
    ...(input.rateLimits === 'relaxed' ? relaxedLimits() : {}),
  };
}

function federationListener({ listenPort }: FederationConfig): Record<string, unknown> {
  return {
    type: 'http',
    port: listenPort,
    bind_addresses: [LOOPBACK],
    tls: true,
    resources: [{ names: ['federation'], compress: false }],
  };
}

function federationOptions({ certificate, privateKey, retries }: FederationConfig): Record<string, unknown> {
  return {
    tls_certificate_path: certificate,
    tls_private_key_path: privateKey,
    federation_verify_certificates: false,
    ip_range_blacklist: [],
    ...(retries === 'stock' ? {} : { federation: TUNED_RETRIES }),
  };
}

/** An attempt that is refused is made again within 2 s (plus Synapse's jitter of 40 %), as often as it takes. */
const TUNED_RETRIES = {
  max_long_retries: 1000,
  max_long_retry_delay: '2s',
  destination_min_retry_interval: '1s',
  destination_max_retry_interval: '2s',
} as const;

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
