import { inlineBlock, isBlock, MAX_BLOCK_BYTES, readCid } from '@weft/assets/blocks';
import { forgetOldest, ROLE_LEVELS, type UserId } from '@weft/core';
import { StoreError } from '@weft/store';
import type { CID } from 'multiformats/cid';
import Type from 'typebox';
import { HttpError, readBody, readJsonBody, replyJson } from '../server/http-reply.ts';
import { RateBudget } from '../server/rate-budget.ts';
import type { ServiceCall, ServiceHandler } from '../server/service-handler.ts';
import { pay } from '../service/pay.ts';
import { checkRequest } from '../service/read-request.ts';
import type { FindWorld } from '../service/served-world.ts';
import { MAX_REMEMBERED_USERS } from '../service/service-limits.ts';
import { worldOf } from '../service/world-of.ts';
import { type FileLimits, MAX_FILE_WORD_CHARACTERS } from './file-limits.ts';
import { badCid } from './file-refusal.ts';
import type { FileShelf } from './file-shelf.ts';

export interface FileRoutesOptions {
  readonly find: FindWorld;
  readonly shelf: FileShelf;
  readonly limits: FileLimits & { readonly requestBytes: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const word = (description: string) => Type.String({ maxLength: MAX_FILE_WORD_CHARACTERS, description });

/** The body of `PUT /v1/worlds/{room}/files/{cid}`. */
export const FileRequest = Type.Object(
  {
    name: word('The file’s name, as people see it.'),
    type: word('Its media type, such as `model/gltf-binary`.'),
  },
  { additionalProperties: false },
);

const ROUTE = /^\/worlds\/([^/]+)\/(blocks|files)(?:\/([^/]+))?$/;
/** What a request costs beside the bytes that it brings. */
const REQUEST_BYTES = 4096;

/** How files are published below `/v1/worlds/{room}`: block by block by builders of that world, who then say that they are a file. */
export function fileRoutes({ find, shelf, limits, now }: FileRoutesOptions): ServiceHandler {
  const budgets = new Map<UserId, RateBudget>();
  const budgetOf = (user: UserId): RateBudget => {
    const { uploadBytesPerSecond: perSecond, uploadBurstBytes: burst } = limits;
    const budget = budgets.get(user) ?? new RateBudget({ perSecond, burst, now });
    budgets.delete(user);
    budgets.set(user, budget);
    forgetOldest(budgets, MAX_REMEMBERED_USERS);
    return budget;
  };

  const putBlock = async ({ request, response, session }: ServiceCall, cid: CID): Promise<void> => {
    // Whoever has such a CID has the block.
    if (inlineBlock(cid) !== null) throw badCid();
    const bytes = await readBody(request, MAX_BLOCK_BYTES);
    pay(budgetOf(session.user), bytes.length);
    if (!(await isBlock(cid, bytes)))
      throw new HttpError(422, 'wrong-block', `The ${bytes.length} bytes are not the block ${cid}.`);
    await shelf.put(session.room, cid, bytes);
    replyJson(response, 200, {});
  };
  const putFile = async ({ request, response, session }: ServiceCall, root: CID): Promise<void> => {
    const { room, user } = session;
    const { name, type } = checkRequest(FileRequest, await readJsonBody(request, limits.requestBytes));
    replyJson(response, 200, await shelf.claim({ room, root, user, name, type }));
  };
  const removeFile = async ({ response, session }: ServiceCall, root: CID, level: number): Promise<void> => {
    const { room, user } = session;
    const publisher = shelf.publisherOf(room, root);
    if (publisher === null) throw new HttpError(404, 'not-found', 'This world has no such file here.');
    if (publisher !== user && level < ROLE_LEVELS.steward)
      throw new HttpError(403, 'forbidden', `Only ${publisher} and stewards may take this file away.`);
    await shelf.remove(room, root);
    response.writeHead(204).end();
  };

  return async (call) => {
    const [, room, kind, text] = ROUTE.exec(call.path) ?? [];
    if (room === undefined || kind === undefined) return false;
    const { request, response, session } = call;
    const { world } = worldOf(find, call, room);
    pay(budgetOf(session.user), REQUEST_BYTES);
    const route = `${request.method} ${kind}`;
    if (route === 'GET files' && text === undefined) {
      replyJson(response, 200, { files: shelf.list(session.room) });
      return true;
    }
    const cid = readCid(text ?? '');
    if (cid === null) throw badCid();
    const level = world.access(session.user)?.level ?? 0;
    if (level < ROLE_LEVELS.builder)
      throw new HttpError(403, 'forbidden', 'Only builders publish files. Ask a steward to make you one.');
    try {
      if (route === 'PUT blocks') await putBlock(call, cid);
      else if (route === 'PUT files') await putFile(call, cid);
      else if (route === 'DELETE files') await removeFile(call, cid, level);
      else throw wrongMethod(kind);
    } catch (error) {
      throw error instanceof StoreError ? notKept(error) : error;
    }
    return true;
  };
}

function wrongMethod(kind: string): HttpError {
  return new HttpError(405, 'method', 'PUT to blocks; GET, PUT and DELETE files.', {
    allow: kind === 'blocks' ? 'PUT' : 'GET, PUT, DELETE',
  });
}

/** The disk is full, or fails. */
function notKept({ message }: StoreError): HttpError {
  return new HttpError(503, 'not-kept', `The relay cannot keep it now. ${message}`, { 'retry-after': '60' });
}
