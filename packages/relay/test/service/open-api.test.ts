import { Validator } from '@seriousme/openapi-schema-validator';
import { openApi } from '@weft/relay/service-api';
import { expect, test } from 'vitest';

test('[HS8] the description of the interface is OpenAPI 3.1, and names every route', async () => {
  const validator = new Validator();
  expect(await validator.validate(Object(structuredClone(openApi())))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  const { paths } = Object(openApi());
  expect(Object.keys(paths)).toEqual([
    '/session',
    ...['query', 'edit', 'say', 'blocks/{cid}', 'files/{cid}', 'files', 'live'].map(
      (name) => `/worlds/{room}/${name}`,
    ),
  ]);
});
