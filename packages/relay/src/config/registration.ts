import { type RandomBytes, toBase64Url } from '@weft/core';

const TOKEN_BYTES = 32;

/** The file by which a homeserver knows a relay as an application service; JSON, which is YAML. */
export type AppserviceRegistration = {
  /** The name of the relay's user. */
  readonly id: string;
  /** Nothing is sent to it: a relay syncs as its user, which brings it messages to devices too. */
  readonly url: null;
  readonly as_token: string;
  readonly hs_token: string;
  /** Has to be there, and is nobody: Synapse lets it sync nothing. */
  readonly sender_localpart: string;
  readonly rate_limited: false;
  readonly namespaces: {
    readonly users: readonly [{ readonly exclusive: true; readonly regex: string }];
    readonly aliases: readonly [];
    readonly rooms: readonly [];
  };
};

/** A registration with new secrets. @param user of lower-case letters, digits and `._=-/`; it is reserved for the relay alone */
export function newRegistration(user: string, random: RandomBytes): AppserviceRegistration {
  return {
    id: user,
    url: null,
    as_token: toBase64Url(random(TOKEN_BYTES)),
    hs_token: toBase64Url(random(TOKEN_BYTES)),
    sender_localpart: `${user}_service`,
    rate_limited: false,
    namespaces: {
      users: [{ exclusive: true, regex: `^@${user.replaceAll('.', '\\.')}:.*$` }],
      aliases: [],
      rooms: [],
    },
  };
}
