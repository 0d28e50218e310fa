import Type from 'typebox';
import { count } from './setting.ts';

/** How much programs may ask over HTTP. */
export const Services = Type.Object(
  {
    requestsPerSecond: count({
      description: 'Requests of one user a second, for long.',
      minimum: 1,
      maximum: 10_000,
      default: 20,
    }),
    requestBurst: count({
      description: 'Requests of one user at once.',
      minimum: 1,
      maximum: 10_000,
      default: 60,
    }),
    queryCost: count({
      description:
        'What one query may cost, in looks at an object, a property or a step of the tree: a million take about a quarter of a second, in which nobody else is served.',
      minimum: 1000,
      maximum: 4_000_000,
      default: 400_000,
    }),
    queryResults: count({
      description: 'Objects of one answer, and of one live result.',
      minimum: 1,
      maximum: 100_000,
      default: 1000,
    }),
    streams: count({
      description: 'Live queries of all services together.',
      minimum: 0,
      maximum: 100_000,
      default: 500,
    }),
    streamsPerUser: count({
      description: 'The same of one user.',
      minimum: 0,
      maximum: 10_000,
      default: 16,
    }),
  },
  { description: 'How much programs may ask over HTTP.' },
);
