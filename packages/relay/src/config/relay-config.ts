import Type, { type Static } from 'typebox';
import { Documents } from './documents.ts';
import { Files } from './files.ts';
import { Limits } from './limits.ts';
import { Motion } from './motion.ts';
import { Room } from './room.ts';
import { Services } from './services.ts';
import { count, oneOf, text, texts } from './setting.ts';

const HTTP_URL = '^$|^https?://[^\\s?#]+$';
/** What `isRelayUrl` takes, in words. */
export const PUBLIC_URL = 'wss://host[:port][/path] without a slash at its end, or ws:// to this machine';
const ANY = '^[^\\u0000]*$';
const WORLD = '^(?:\\*|![^\\s]{1,254}|[#@][^\\s]{1,254})$';

/**
 * All that can be said to a relay, as one schema: sections of settings, each with what it is for, its bounds and its
 * default. The reader, the environment's names and the reference page come from it.
 */
export const RelayConfig = Type.Object(
  {
    server: Type.Object(
      {
        publicUrl: text({
          description:
            'Where clients reach the relay, as they are to write it: what they sign when they say hello. Empty is the address it listens on, which is good on one machine only.',
          pattern: ANY,
          accepts: PUBLIC_URL,
          default: '',
        }),
        host: text({
          description: 'The address to listen on; 0.0.0.0 or :: for all.',
          pattern: '^[^\\s]+$',
          accepts: 'a host name or an address',
          default: '127.0.0.1',
        }),
        port: count({
          description: 'The port to listen on; 0 is any that is free.',
          minimum: 0,
          maximum: 65_535,
          default: 8095,
        }),
        trustedProxies: texts({
          description:
            'Proxies whose X-Forwarded-For is believed. Behind one that is not listed, all clients count as one address.',
          pattern: '^[0-9a-fA-F.:]+(?:/\\d{1,3})?$',
          accepts: 'an address, or a network such as 10.0.0.0/8',
          default: [],
        }),
        origins: texts({
          description:
            'Web pages that may use the relay, by their origin; * is any. Programs send no origin, and may always. A page needs a ticket in any case.',
          pattern: '^(?:\\*|https?://[^\\s/?#]+)$',
          accepts: 'an origin such as https://studio.example.org, or *',
          default: ['*'],
        }),
      },
      { description: 'Where the relay listens, and who may come.' },
    ),
    homeserver: Type.Object(
      {
        url: text({
          description: 'The client-server API of the homeserver on which the relay has its account.',
          pattern: HTTP_URL,
          accepts: 'https://host[:port]',
          default: '',
        }),
        tokenFile: text({
          description: 'A file that holds the access token; WEFT_RELAY_TOKEN holds it directly.',
          pattern: ANY,
          accepts: 'a path',
          default: '',
        }),
        registrationFile: text({
          description:
            'Instead of a token: the registration of an application service that the homeserver has too ("weft relay registration" makes one). Its user is not rate-limited.',
          pattern: ANY,
          accepts: 'a path',
          default: '',
        }),
        user: text({
          description: 'Instead of a token: the name of the account, to sign in with a password.',
          pattern: ANY,
          accepts: 'a name, or a whole user id',
          default: '',
        }),
        passwordFile: text({
          description: 'A file that holds its password; WEFT_RELAY_PASSWORD holds it directly.',
          pattern: ANY,
          accepts: 'a path',
          default: '',
        }),
      },
      { description: 'The account that the relay follows its worlds with.' },
    ),
    worlds: Type.Object(
      {
        allowed: texts({
          description:
            'Worlds that the relay serves, by room id or alias; @user:server allows those that this user invites it to; * allows all that it is invited to.',
          pattern: WORLD,
          accepts: '!room, #alias:server, @user:server or *',
          default: ['*'],
        }),
        most: count({
          description: 'Worlds at once. An invitation to one more is left unanswered.',
          minimum: 1,
          maximum: 10_000,
          default: 64,
        }),
        guests: oneOf(['off', 'look', 'speak', 'play'], {
          description:
            'What somebody may do who is not joined to a world that anybody may look into: nothing; look; also speak; also move.',
          default: 'off',
        }),
      },
      { description: 'Which worlds the relay serves, and to whom.' },
    ),
    journal: Type.Object(
      {
        directory: text({
          description:
            'Where the relay keeps what it acknowledged. Belongs on a disk that survives a restart.',
          pattern: '^[^\\u0000]+$',
          accepts: 'a path',
          default: 'weft-relay',
        }),
      },
      { description: 'What survives a restart.' },
    ),
    log: Type.Object(
      {
        level: oneOf(['silent', 'error', 'warn', 'info', 'debug'], {
          description: 'How much is said.',
          default: 'info',
        }),
        users: oneOf(['hashed', 'plain'], {
          description: 'User ids in the log: as a hash that is another one after each start, or as they are.',
          default: 'hashed',
        }),
      },
      {
        description:
          'The log: one JSON document a line, without tokens and without what people say or build.',
      },
    ),
    limits: Limits,
    room: Room,
    documents: Documents,
    motion: Motion,
    services: Services,
    files: Files,
  },
  { title: 'The configuration of a relay' },
);

/** A whole configuration: each setting there and within its bounds. */
export type RelayConfig = Static<typeof RelayConfig>;

/** What must not stand in a file that is shown to others: read from the environment, or from a file of its own. */
export interface RelaySecrets {
  /** The relay's access token; `null` where it signs in with a password. */
  readonly token: string | null;
  readonly password: string | null;
  /** What the registration of an application service says; `null` where there is none. */
  readonly appservice: { readonly token: string; readonly user: string } | null;
  /** Who shows it may read `/metrics` from elsewhere than this machine. */
  readonly metricsToken: string | null;
}
