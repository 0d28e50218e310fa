import { LANE_VERSION } from '@weft/protocol';
import Type, { type TSchema } from 'typebox';
import { FileRequest } from '../files/file-routes.ts';
import { SessionRequest } from '../server/session-routes.ts';
import {
  EditAnswer,
  EditRequest,
  ErrorAnswer,
  ObjectView,
  QueryAnswer,
  QueryRequest,
  SayRequest,
} from './schemas.ts';

const SessionAnswer = Type.Object({
  token: Type.String({ description: 'Show it as `Authorization: Bearer …`.' }),
  expires_ms: Type.Integer({ description: 'When it ends, in milliseconds since 1970.' }),
  user_id: Type.String(),
  room_id: Type.String({ description: 'The one world that it is good for.' }),
});

const FileAnswer = Type.Object({
  cid: Type.String(),
  name: Type.String(),
  type: Type.String(),
  bytes: Type.Integer(),
  user: Type.String({ description: 'Who published it.' }),
  published_ms: Type.Number({ description: 'When, in milliseconds since 1970.' }),
});

const json = (schema: TSchema) => ({ 'application/json': { schema } });
const room = {
  ...{ name: 'room', in: 'path', required: true, schema: { type: 'string' } },
  description: 'The id of the room, percent-encoded.',
};
const cid = {
  ...{ name: 'cid', in: 'path', required: true, schema: { type: 'string' } },
  description: 'A CID of raw bytes or dag-pb, by sha2-256.',
};
const failures = (...statuses: readonly (keyof typeof FAILURES)[]) =>
  Object.fromEntries(
    statuses.map((status) => [status, { description: FAILURES[status], content: json(ErrorAnswer) }]),
  );
const FAILURES = {
  400: 'The request is malformed: the message says where.',
  401: 'The token or the ticket does not hold. One answer for every reason.',
  403: 'Your role, the owner or a lock does not allow it; or you are not in this world.',
  404: 'An object that is not there.',
  409: 'It clashes with what is there.',
  413: 'The body is too large.',
  422: 'A rule or a schema of the world, or a bound, does not allow it.',
  429: 'Too much at once; `Retry-After` says when to go on.',
  503: 'The relay cannot keep it now, or stops.',
  507: 'There is no room for more files; none goes by itself.',
} as const;

/** One route of a world that takes and gives JSON. */
const post = (summary: string, description: string, body: TSchema, answer: TSchema) => ({
  post: {
    ...{ summary, description, parameters: [room] },
    requestBody: { required: true, content: json(body) },
    responses: {
      200: { description: 'Done.', content: json(answer) },
      ...failures(400, 401, 403, 404, 409, 413, 422, 429, 503),
    },
  },
});

/** The HTTP interface for services, in OpenAPI 3.1, from the schemas that requests are checked by. */
export function openApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'A Weft relay, for services',
      version: String(LANE_VERSION),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Read and change one world with the rights of a Matrix user. Ask the relay’s user for a ticket by a to-device message `world.weft.ticket_request` with `purpose: service`, exchange the ticket for a token, and show the token. A kick ends it at once.',
    },
    servers: [{ url: '/v1' }],
    security: [{ token: [] }],
    paths: {
      '/session': {
        post: {
          summary: 'Exchange a ticket for a token',
          security: [],
          requestBody: { required: true, content: json(SessionRequest) },
          responses: {
            201: { description: 'Open.', content: json(SessionAnswer) },
            ...failures(400, 401, 413, 503),
          },
        },
        delete: {
          summary: 'End the token',
          responses: { 204: { description: 'It is void.' } },
        },
      },
      '/worlds/{room}/query': post(
        'Ask for objects',
        'The query form of protocol-spec/query.md: select, where, within, nearest, sort, limit, fields and others.',
        QueryRequest,
        QueryAnswer,
      ),
      '/worlds/{room}/edit': post(
        'Change objects',
        'All changes happen or none, under the rules that bind the user’s own client. Answers when the edit outlives the relay.',
        EditRequest,
        EditAnswer,
      ),
      '/worlds/{room}/say': post(
        'Say something',
        'To everybody on the lane at once, and to the room’s chat.',
        SayRequest,
        Type.Object({}),
      ),
      '/worlds/{room}/blocks/{cid}': {
        put: {
          summary: 'Put one block of a file',
          description:
            'Raw bytes, or a node of dag-pb, named by its sha2-256. It waits to become part of a file, and is dropped if it does not.',
          parameters: [room, cid],
          requestBody: {
            required: true,
            content: { 'application/vnd.ipld.raw': { schema: { type: 'string', format: 'binary' } } },
          },
          responses: {
            200: { description: 'Kept.', content: json(Type.Object({})) },
            ...failures(400, 401, 403, 413, 422, 429, 503, 507),
          },
        },
      },
      '/worlds/{room}/files/{cid}': {
        put: {
          summary: 'Publish a file',
          description:
            'All its blocks are here. From now on the relay keeps it, and everybody may read it at `/ipfs/{cid}`. Asked again, it answers the same.',
          parameters: [room, cid],
          requestBody: { required: true, content: json(FileRequest) },
          responses: {
            200: { description: 'Published.', content: json(FileAnswer) },
            ...failures(400, 401, 403, 409, 413, 422, 429, 503, 507),
          },
        },
        delete: {
          summary: 'Take a file away',
          description: 'By whoever published it, or a steward.',
          parameters: [room, cid],
          responses: { 204: { description: 'Gone.' }, ...failures(401, 403, 404, 429, 503) },
        },
      },
      '/worlds/{room}/files': {
        get: {
          summary: 'List the files of a world',
          parameters: [room],
          responses: {
            200: {
              description: 'In the order in which they were published.',
              content: json(Type.Object({ files: Type.Array(FileAnswer) })),
            },
            ...failures(401, 403, 429),
          },
        },
      },
      '/worlds/{room}/live': {
        get: {
          summary: 'Follow a query',
          description:
            'Server-sent events: `state` {objects} once, then `delta` {leave, enter, change} whenever the result changes, and `end` {reason}. A slow reader gets several deltas in one.',
          parameters: [
            room,
            {
              ...{ name: 'query', in: 'query', required: false, schema: { type: 'string' } },
              description: 'A query as JSON, without `fields` and `count`. Default: everything.',
            },
          ],
          responses: {
            200: {
              description: 'Events until somebody ends it.',
              content: { 'text/event-stream': { schema: { type: 'string' } } },
            },
            ...failures(400, 401, 403, 422, 429),
          },
        },
      },
    },
    components: {
      schemas: { Object: ObjectView, Error: ErrorAnswer },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}
