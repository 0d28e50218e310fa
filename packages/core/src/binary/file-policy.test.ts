import { expect, test } from 'vitest';
import { emptyPatch } from '../register/patch.ts';
import { decodePatch } from './decode.ts';
import { encodePatch } from './encode.ts';
import { type FilePolicy, MAX_FILE_POLICY_BYTES } from './file-policy.ts';
import { patchFromJson, patchToJson } from './patch-json.ts';

const rule = { kind: 'limit', count: 1 };
const padded = (bytes: number) => ({ kind: 'x'.repeat(bytes - '{"kind":""}'.length) });
const numbered = (count: number, content: FilePolicy['world'] = rule) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`r${String(at).padStart(3, '0')}`, content ?? {}]),
  );

/** Through bytes, and through JSON; both must say the same. */
function carried(policy: FilePolicy): FilePolicy | undefined {
  const info = { title: 'A', policy };
  const { info: fromBytes, problems } = decodePatch(encodePatch(emptyPatch, info));
  const { info: fromJson } = patchFromJson(JSON.parse(JSON.stringify(patchToJson(emptyPatch, info))));
  expect(problems).toEqual([]);
  expect(fromJson).toEqual(fromBytes);
  return fromBytes.policy;
}

/** Of JSON that anybody wrote. */
function read(policy: unknown) {
  const { info, problems } = patchFromJson({ weft: 1, objects: {}, info: { policy } });
  return { policy: info.policy, problems: problems.map(({ path, reason }) => `${path}: ${reason}`) };
}

test('[Y9] a file carries the world event, rules and components as they are', () => {
  const policy = {
    world: { title: '~A', n: [1] },
    rules: { a: rule },
    components: { 'acme:door': { schema: {} } },
  };
  expect(carried(policy)).toEqual(policy);
  expect(carried({ rules: {}, components: {} })).toBeUndefined();
});

test.each<[string, string, unknown]>([
  ['a fraction', 'a', { min: 0.5 }],
  ['an integer beyond 2^53', 'a', { min: 2 ** 53 }],
  ['a list', 'a', []],
  ['a lone surrogate', 'a', { title: '\ud800' }],
  ['U+0000 in a name', 'a', { deep: [{ '\0': 1 }] }],
  ['a key with a lone surrogate', '\ud800', rule],
  ['a key of 256 bytes', 'a'.repeat(256), rule],
  ['8,193 bytes', 'a', padded(8193)],
  ['nesting without end', 'a', JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`)],
])(
  '[Y9] a content of a file with %s is left out alone, told when read, and not written',
  (_what, key, content) => {
    const { policy, problems } = read({ rules: { [key]: content, z: rule }, components: { [key]: content } });
    expect(policy).toEqual({ rules: { z: rule } });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^rules /);
  },
);

test('[Y9] a content of a file has 8,192 bytes, and its key 255', () => {
  const policy = { rules: { ['a'.repeat(255)]: padded(8192) } };
  expect(carried(policy)).toEqual(policy);
  expect(read(policy)).toEqual({ policy, problems: [] });
});

test('[Y9] a file holds the first 256 rules by name, and says that there are more', () => {
  expect(read({ rules: numbered(256) }).problems).toEqual([]);
  const { policy, problems } = read({ rules: numbered(257) });
  expect(policy).toEqual({ rules: numbered(256) });
  expect(problems).toEqual(['rules: there are 257: only the first 256 by name are read']);
  expect(carried({ rules: numbered(257) })).toEqual({ rules: numbered(256) });
});

test('[Y9] all rules and components of a file have 768 KiB together; more are refused when written, left out when read', () => {
  const whole = (last: number) => ({ rules: { ...numbered(95, padded(8192)), z: padded(last) } });
  const bytesOf = ({ rules = {} }: FilePolicy) =>
    Object.entries(rules).reduce((sum, [key, content]) => sum + JSON.stringify({ [key]: content }).length, 0);
  const fits = 11 + MAX_FILE_POLICY_BYTES - bytesOf(whole(11));
  expect(bytesOf(whole(fits))).toBe(MAX_FILE_POLICY_BYTES);
  expect(carried(whole(fits))).toEqual(whole(fits));
  expect(() => encodePatch(emptyPatch, { policy: whole(fits + 1) })).toThrow(
    expect.objectContaining({ code: 'limit' }),
  );
  expect(() => patchToJson(emptyPatch, { policy: whole(fits + 1) })).toThrow(
    expect.objectContaining({ code: 'limit' }),
  );
  const { policy, problems } = read(whole(fits + 1));
  expect(policy).toEqual({ rules: numbered(95, padded(8192)) });
  expect(problems).toHaveLength(1);
});
