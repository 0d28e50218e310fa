import { createHmac } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { readJson, writeJson } from './json-file.ts';
import { type MatrixReply, matrixRequest } from './matrix-http.ts';
import { StackError } from './stack-error.ts';

/** A user of a homeserver, signed in. */
export interface Account {
  readonly homeserver: string;
  readonly userId: string;
  readonly token: string;
  readonly deviceId: string;
  readonly password: string;
}

const Session = Type.Object({ userId: Type.String(), token: Type.String(), deviceId: Type.String() });

/** What proves to the homeserver who one is. */
export type Session = Static<typeof Session>;
const Sessions = Type.Record(Type.String(), Session);
const LoginReply = Type.Object({
  user_id: Type.String(),
  access_token: Type.String(),
  device_id: Type.String(),
});
const NonceReply = Type.Object({ nonce: Type.String() });
const ErrorReply = Type.Object({ errcode: Type.String() });

const ACCOUNT_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const REGISTER_PATH = '/_synapse/admin/v1/register';

/** The accounts made so far, by name. */
export async function readAccounts(file: string): Promise<Readonly<Record<string, Session>>> {
  return (await readJson(file, Sessions)) ?? {};
}

export type AccountKind = 'user' | 'administrator';

export interface AccountsInput {
  readonly homeserver: string;
  readonly registrationSecret: string;
  /** Where tokens are kept; 0600. */
  readonly file: string;
}

/** The users made on a local homeserver with its registration secret. */
export class Accounts {
  readonly #input: AccountsInput;
  readonly #known = new Map<string, Promise<Account>>();
  #writing: Promise<void> = Promise.resolve();

  constructor(input: AccountsInput) {
    this.#input = input;
  }

  /**
   * The user of this name, made if there is none; the token of an earlier run is used again while it is good.
   *
   * @param kind what one that is made may do: an administrator may use the admin API
   * @throws StackError `bad-name` or `account`.
   */
  get(name: string, kind: AccountKind = 'user'): Promise<Account> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const opened = this.#open(name, kind);
    this.#known.set(name, opened);
    opened.catch(() => this.#known.delete(name));
    return opened;
  }

  async #open(name: string, kind: AccountKind): Promise<Account> {
    if (!ACCOUNT_NAME.test(name)) {
      throw new StackError('bad-name', {
        what: `"${name.slice(0, 64)}" cannot name a user.`,
        hint: 'Use 1 to 64 of a-z, 0-9, ".", "_" and "-", starting with a letter or a digit.',
      });
    }
    const password = this.#password(name);
    const kept = (await readAccounts(this.#input.file))[name];
    const session =
      kept !== undefined && (await this.#isGood(kept))
        ? kept
        : await this.#signIn(name, password, kind, kept?.deviceId);
    if (session !== kept) await this.#keep(name, session);
    return { homeserver: this.#input.homeserver, password, ...session };
  }

  async #isGood(session: Session): Promise<boolean> {
    const reply = await matrixRequest(this.#input.homeserver, 'GET', '/_matrix/client/v3/account/whoami', {
      token: session.token,
    });
    return reply.status === 200;
  }

  async #signIn(
    name: string,
    password: string,
    kind: AccountKind,
    deviceId: string | undefined,
  ): Promise<Session> {
    const registered = await this.#register(name, password, kind);
    if (registered.status === 200) return sessionOf(registered, name);
    if (!Value.Check(ErrorReply, registered.body) || registered.body.errcode !== 'M_USER_IN_USE') {
      throw refused(`make the user "${name}"`, registered);
    }
    const reply = await matrixRequest(this.#input.homeserver, 'POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: name },
        password,
        initial_device_display_name: 'Weft',
        ...(deviceId === undefined ? {} : { device_id: deviceId }),
      },
    });
    return sessionOf(reply, name);
  }

  /** Source: Synapse's admin API, "Shared-Secret Registration". */
  async #register(name: string, password: string, kind: AccountKind): Promise<MatrixReply> {
    const admin = kind === 'administrator';
    const { homeserver, registrationSecret } = this.#input;
    const nonceReply = await matrixRequest(homeserver, 'GET', REGISTER_PATH);
    if (!Value.Check(NonceReply, nonceReply.body)) throw refused('start a registration', nonceReply);
    const { nonce } = nonceReply.body;
    const mac = createHmac('sha1', registrationSecret)
      .update([nonce, name, password, admin ? 'admin' : 'notadmin'].join('\0'))
      .digest('hex');
    return matrixRequest(homeserver, 'POST', REGISTER_PATH, {
      body: { nonce, username: name, password, admin, mac, displayname: displayName(name) },
    });
  }

  /** Derived, so that losing the file of tokens loses nothing. */
  #password(name: string): string {
    return createHmac('sha256', this.#input.registrationSecret)
      .update(`password:${name}`)
      .digest('base64url');
  }

  #keep(name: string, session: Session): Promise<void> {
    const written = this.#writing.then(async () => {
      const all = await readAccounts(this.#input.file);
      await writeJson(this.#input.file, { ...all, [name]: session });
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

function sessionOf(reply: MatrixReply, name: string): Session {
  if (reply.status !== 200 || !Value.Check(LoginReply, reply.body))
    throw refused(`sign in as "${name}"`, reply);
  return { userId: reply.body.user_id, token: reply.body.access_token, deviceId: reply.body.device_id };
}

function refused(what: string, reply: MatrixReply): StackError {
  return new StackError('account', {
    what: `The homeserver refused to ${what}: ${reply.status} ${JSON.stringify(reply.body).slice(0, 200)}.`,
    hint: 'Start with --fresh to make the local instance anew (its worlds are lost).',
  });
}

function displayName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
