import type { RandomBytes, Timers } from '@weft/core';
import { HttpError, readJsonBody, replyJson } from '../server/http-reply.ts';
import type { ServiceCall, ServiceHandler } from '../server/service-handler.ts';
import { answerEdit } from './edit-route.ts';
import { answerLive } from './live-route.ts';
import { pay } from './pay.ts';
import { answerQuery } from './query-route.ts';
import { checkRequest } from './read-request.ts';
import { refusalOf } from './refusal.ts';
import { LiveQueryText, SayRequest } from './schemas.ts';
import type { FindWorld, ServedWorld } from './served-world.ts';
import type { ServiceLimits } from './service-limits.ts';
import { ServiceUsers } from './service-users.ts';
import { Streams } from './streams.ts';
import { worldOf } from './world-of.ts';

export interface ServicesOptions {
  readonly find: FindWorld;
  readonly limits: ServiceLimits & { readonly requestBytes: number };
  readonly timers: Timers;
  readonly random: RandomBytes;
}

const WORLD_ROUTE = /^\/worlds\/([^/]+)\/(query|live|edit|say)$/;

/** What programs may ask below `/v1/worlds/{room}`: with the rights of the user whose token they show, in that one world. */
export function services({ find, limits, timers, random }: ServicesOptions): ServiceHandler {
  const users = new ServiceUsers({ limits, random, now: timers.now });
  const streams = new Streams(limits);

  const answer = async (name: string, served: ServedWorld, call: ServiceCall): Promise<void> => {
    const { request, response, session } = call;
    const { user, expiresMs } = session;
    const body = () => readJsonBody(request, limits.requestBytes);
    switch (`${request.method} ${name}`) {
      case 'POST query':
        return replyJson(response, 200, answerQuery(served, await body(), limits));
      case 'POST edit':
        return replyJson(response, 200, await answerEdit(served, await body(), user, users.of(user), random));
      case 'POST say':
        served.room.say(user, checkRequest(SayRequest, await body()).text);
        return replyJson(response, 200, {});
      case 'GET live': {
        const what = queryIn(call);
        const leave = streams.enter(user);
        try {
          return await answerLive(response, what, { served, user, expiresMs, limits, timers });
        } finally {
          leave();
        }
      }
    }
    throw new HttpError(405, 'method', 'POST to query, edit and say; GET live.', {
      allow: name === 'live' ? 'GET' : 'POST',
    });
  };

  return async (call) => {
    const [, room, name] = WORLD_ROUTE.exec(call.path) ?? [];
    if (room === undefined || name === undefined) return false;
    const served = worldOf(find, call, room);
    pay(users.of(call.session.user).budget);
    try {
      await answer(name, served, call);
    } catch (error) {
      throw refusalOf(error);
    }
    return true;
  };
}

/** @throws HttpError 400 */
function queryIn({ query }: ServiceCall): object {
  const text = checkRequest(LiveQueryText, query.get('query') ?? '{}');
  let what: unknown;
  try {
    what = JSON.parse(text);
  } catch {
    what = null;
  }
  if (typeof what === 'object' && what !== null) return what;
  throw new HttpError(400, 'bad-request', 'Expected ?query= with a query as JSON, such as {"tag":"lamp"}.');
}
