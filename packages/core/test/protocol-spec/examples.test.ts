import { describe, expect, it } from 'vitest';
import {
  decodeBundle,
  decodeComponentEvent,
  decodeLayer,
  decodeObjectEvent,
  decodePersonal,
  decodeRuleEvent,
  parseUserId,
  type Value,
} from '../../src/index.ts';
import { specFiles, specText } from './files.ts';
import { type PatchJson, writePatch } from './notation.ts';
import { schemaOf } from './schema.ts';

interface Example {
  readonly description: string;
  /** Of an invalid one: whether the schema sees it. */
  readonly schema?: 'refuses' | 'cannot tell';
  readonly event: {
    readonly type: string;
    readonly state_key: unknown;
    readonly sender: string;
    readonly origin_server_ts: number;
    readonly content: unknown;
    readonly unsigned?: { readonly redacted_because?: { readonly origin_server_ts: number } };
  };
  readonly reads: {
    readonly patch: PatchJson;
    /** Of an object event. */
    readonly handWritten?: boolean;
    /** Of a bundle or a layer: what has to be fetched. */
    readonly blob?: Value;
    readonly problems: readonly (string | null)[];
    readonly extra?: Value;
    /** What a rule's event holds; `null` where it is none. */
    readonly rule?: Value;
    /** Some of what is declared; `null` where nothing is. */
    readonly component?: Readonly<Record<string, Value>> | null;
  };
}

const examples = specFiles('examples').map((path): [string, Example] => [path, JSON.parse(specText(path))]);

describe('the schemas judge every example as it says', () => {
  it.each(examples)('%s', (path, { description, schema, event }) => {
    const [, type = '', kind] = path.split('/');
    expect(description).toMatch(/\.$/);
    const refusals = schemaOf(`schemas/${type}.json`)(event);
    if (kind === 'valid') expect([refusals, schema]).toEqual([[], undefined]);
    else expect(refusals.length > 0 ? 'refuses' : 'cannot tell').toBe(schema);
  });
});

describe('core reads every object event as it says', () => {
  const objects = examples.filter(([path]) => path.includes('/world.weft.object/'));

  it.each(objects)('%s', (path, { event, reads }) => {
    const redaction = event.unsigned?.redacted_because;
    const { patch, handWritten, problems, extra } = decodeObjectEvent({
      stateKey: event.state_key,
      content: event.content,
      sender: parseUserId(event.sender),
      originServerTs: event.origin_server_ts,
      ...(redaction === undefined ? {} : { redactedAtMs: redaction.origin_server_ts }),
    });
    expect(JSON.parse(JSON.stringify(writePatch(patch)))).toEqual(reads.patch);
    expect(handWritten).toBe(reads.handWritten);
    expect(problems.map((problem) => problem.path).sort()).toEqual([...reads.problems].sort());
    expect({ ...extra }).toEqual(reads.extra ?? {});
    if (path.includes('/valid/')) expect(problems).toEqual([]);
  });

  it('there are some of each', () => {
    const kinds = objects.map(([path]) => path.split('/')[2]);
    expect(new Set(kinds)).toEqual(new Set(['valid', 'invalid']));
  });
});

describe('core reads every carrier with one writer as it says', () => {
  const decoders = {
    'world.weft.bundle': decodeBundle,
    'world.weft.personal': decodePersonal,
    'world.weft.layer': decodeLayer,
  };

  describe.each(Object.entries(decoders))('%s', (type, decode) => {
    it.each(examples.filter(([path]) => path.includes(`/${type}/`)))('%s', (path, { event, reads }) => {
      const redaction = event.unsigned?.redacted_because;
      const { patch, problems, blob } = decode({
        stateKey: event.state_key,
        content: event.content,
        sender: parseUserId(event.sender),
        ...(redaction === undefined ? {} : { redactedAtMs: redaction.origin_server_ts }),
      });
      expect(JSON.parse(JSON.stringify(writePatch(patch)))).toEqual(reads.patch);
      expect(blob).toEqual(reads.blob ?? null);
      expect(problems.map((problem) => problem.path)).toEqual(reads.problems);
      if (path.includes('/valid/')) expect(problems).toEqual([]);
    });
  });
});

describe('core reads every rule and declaration as it says', () => {
  const of = (type: string) => examples.filter(([path]) => path.includes(`/${type}/`));

  it.each(of('world.weft.rule'))('%s', (_path, { event, reads }) => {
    const reading = decodeRuleEvent({ stateKey: event.state_key, content: event.content });
    expect('rule' in reading ? reading.rule : null).toEqual(reads.rule);
  });

  it.each(of('world.weft.component'))('%s', (_path, { event, reads }) => {
    const reading = decodeComponentEvent({ stateKey: event.state_key, content: event.content });
    expect('component' in reading ? reading.component : null).toEqual(
      reads.component === null ? null : expect.objectContaining(reads.component),
    );
  });
});

it('the example of the prose is one that core reads without a problem', () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(specText('carriers.md')) ?? [];
  const { state_key: stateKey, content } = JSON.parse(json);
  const event = { stateKey, content, sender: parseUserId('@ann:example.org'), originServerTs: 0 };
  expect(decodeObjectEvent(event)).toMatchObject({ handWritten: false, problems: [] });
});
