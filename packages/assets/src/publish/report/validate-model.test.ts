import { makeGlb, triangleBytes, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import { expect, test } from 'vitest';
import { reportLines } from './model-report.ts';
import { plainWords } from './plain-words.ts';
import { MAX_SHOWN_PLACES, reportOf, validateModel } from './validate-model.ts';

test('[AS61] a model without fault has an empty report, and facts', async () => {
  const report = await validateModel(triangleGlb());
  expect(report).toMatchObject({ isValid: true, facts: { triangles: 1, vertices: 3, drawCalls: 1 } });
  expect(reportLines(report)).toEqual([]);
});

test('[AS61] an error is told in words, with its place and what to do', async () => {
  const document = triangleDocument();
  Object.assign(document.accessors[0] ?? {}, { max: [9, 2, 3] });
  const report = await validateModel(makeGlb(document, triangleBytes()));
  expect(report.isValid).toBe(false);
  expect(report.findings[0]).toMatchObject({ code: 'ACCESSOR_MAX_MISMATCH', severity: 'error', count: 1 });
  expect(reportLines(report)[0]).toBe(
    'error: The model says that a part ends elsewhere than it does. At /accessors/0/max/0. The exporter wrote it wrongly: export with a current version, or another program. [ACCESSOR_MAX_MISMATCH]',
  );
});

test('[AS61] equal findings are one, with their number and the first places; errors come first', () => {
  const message = (code: string, severity: number, pointer: string) => ({
    code,
    severity,
    pointer,
    message: code,
  });
  const report = reportOf({
    issues: {
      messages: [
        message('NODE_EMPTY', 2, '/nodes/9'),
        message('UNEXPECTED_PROPERTY', 1, '/a'),
        ...[0, 1, 2, 3].map((at) => message('ACCESSOR_INDEX_OOB', 0, `/accessors/${at}`)),
      ],
      truncated: true,
    },
  });
  expect(report.findings.map(({ code, count, places }) => [code, count, places.length])).toEqual([
    ['ACCESSOR_INDEX_OOB', 4, MAX_SHOWN_PLACES],
    ['UNEXPECTED_PROPERTY', 1, 1],
    ['NODE_EMPTY', 1, 1],
  ]);
  expect(reportLines(report)).toHaveLength(3);
  expect(reportLines(report)[0]).toContain('(4 times)');
  expect(reportLines(report)[2]).toContain('stopped');
});

test('[AS61] every code has words: of its own, of its family, or in general', () => {
  expect(plainWords('IMAGE_DATA_INVALID').says).toBe('A texture cannot be read.');
  expect(plainWords('ACCESSOR_JOINTS_INDEX_OOB').says).toContain('bones');
  expect(plainWords('ACCESSOR_SMALL_BYTESTRIDE').says).toContain('vertices');
  for (const code of ['NEVER_SEEN', 'constructor', '']) expect(plainWords(code).says).toMatch(/\.$/);
});
