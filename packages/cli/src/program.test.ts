import { describe, expect, test } from 'vitest';
import { defineCommand } from './command.ts';
import { EXIT, UsageError } from './failure.ts';
import { choice, flag, number, optional, required, some, text, texts } from './options.ts';
import { runProgram } from './program.ts';

const show = defineCommand({
  name: 'show',
  summary: 'show what was parsed',
  description: 'Prints its own options and arguments.',
  examples: [{ command: 'show a b --count 2', does: 'Show two things.' }],
  args: { first: required('the first'), rest: some('the others') },
  options: {
    dryRun: flag('change nothing'),
    title: text('words', 'a title'),
    invite: texts('user', 'somebody'),
    wait: choice(['local', 'durable'], 'durable', 'how long'),
    count: number('n', { min: 1, max: 3, whole: true, fallback: undefined }, 'how many'),
  },
  async run({ args, options, output }) {
    output.result(
      { ...args, ...options, count: options.count ?? null, title: options.title ?? null },
      'shown',
    );
    return EXIT.ok;
  },
});

const fail = defineCommand({
  name: 'fail',
  summary: 'throw',
  description: 'Throws an error with the code it is given.',
  examples: [],
  args: { code: optional('the code') },
  options: {},
  async run({ args }) {
    if (args.code === 'usage') throw new UsageError('That is not how it is done.');
    if (args.code === undefined) throw new TypeError('a defect');
    throw Object.assign(new Error('Cannot do it. Ask a steward.'), { name: 'WeftError', code: args.code });
  },
});

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await runProgram([show, fail], argv, {
    environment: {},
    directory: '/',
    weftDirectory: '/.weft',
    signal: new AbortController().signal,
    stdout: (chunk) => out.push(chunk),
    stderr: (chunk) => err.push(chunk),
  });
  return { exit, stdout: out.join(''), stderr: err.join('') };
}

describe('parsing', () => {
  test('options and arguments arrive typed', async () => {
    const { exit, stdout } = await run(
      ...['show', 'a', 'b', 'c', '--dry-run', '--title', 'T', '--invite', '@a:x', '--invite', '@b:x'],
      ...['--wait', 'local', '--count', '3', '--json'],
    );
    expect(exit).toBe(EXIT.ok);
    expect(JSON.parse(stdout)).toEqual({
      first: 'a',
      rest: ['b', 'c'],
      dryRun: true,
      title: 'T',
      invite: ['@a:x', '@b:x'],
      wait: 'local',
      count: 3,
    });
  });

  test('what is left out has its default', async () => {
    const { stdout } = await run('show', 'a', 'b', '--json');
    expect(JSON.parse(stdout)).toEqual({
      first: 'a',
      rest: ['b'],
      dryRun: false,
      title: null,
      invite: [],
      wait: 'durable',
      count: null,
    });
  });

  test('ids and numbers that start with a dash are no options', async () => {
    const id = '--abcdefghijklmnopqrst';
    const { exit, stdout } = await run('show', '-Kx81', id, '--title', '-1,2,3', '--json');
    expect(exit).toBe(EXIT.ok);
    expect(JSON.parse(stdout)).toMatchObject({ first: '-Kx81', rest: [id], title: '-1,2,3' });
  });

  test('people get words, and JSON only when asked for', async () => {
    expect(await run('show', 'a', 'b')).toEqual({ exit: EXIT.ok, stdout: 'shown\n', stderr: '' });
  });
});

describe('wrong usage exits with 2 and says what is wrong', () => {
  test.each([
    [['dance'], /unknown command/],
    [['show', 'a'], /missing required argument 'rest'/],
    [['show', 'a', 'b', '--colour'], /unknown option '--colour'/],
    [['show', 'a', 'b', '--wait', 'soon'], /--wait takes one of local, durable, not "soon"/],
    [['show', 'a', 'b', '--count', '4'], /--count takes a whole number from 1 to 3, not "4"/],
    [['show', 'a', 'b', '--count', '1.5'], /whole number/],
    [['show', 'a', 'b', '--count', ''], /whole number/],
    [['fail', 'usage'], /That is not how it is done/],
    [[], /Usage: npm run -s weft --/],
  ])('%j', async (argv, words) => {
    const { exit, stdout, stderr } = await run(...argv);
    expect(exit).toBe(EXIT.usage);
    expect(stderr).toMatch(words);
    expect(stdout).toBe('');
  });
});

describe('what a command throws becomes an exit code', () => {
  test.each([
    ['forbidden', EXIT.refused],
    ['read-only', EXIT.refused],
    ['schema', EXIT.refused],
    ['rule', EXIT.refused],
    ['limit', EXIT.refused],
    ['encrypted', EXIT.refused],
    ['invalid-value', EXIT.usage],
    ['invalid-id', EXIT.usage],
    ['unreachable', EXIT.failed],
    ['unknown-object', EXIT.failed],
    ['unknown-token', EXIT.failed],
  ])('%s → %i', async (code, exit) => {
    expect(await run('fail', code)).toEqual({ exit, stdout: '', stderr: 'Cannot do it. Ask a steward.\n' });
    const asJson = await run('fail', code, '--json');
    expect(asJson.stdout).toBe('');
    expect(JSON.parse(asJson.stderr)).toEqual({ error: { code, message: 'Cannot do it. Ask a steward.' } });
  });

  test('a defect shows its stack, since it is to be reported', async () => {
    const { exit, stderr } = await run('fail');
    expect(exit).toBe(EXIT.failed);
    expect(stderr).toMatch(/a defect\n.*TypeError: a defect\n\s+at /s);
  });
});

describe('help', () => {
  test('teaches: description, examples, options, exit codes', async () => {
    const { exit, stdout } = await run('show', '--help');
    expect(exit).toBe(EXIT.ok);
    for (const part of [
      'Prints its own',
      '$ npm run -s weft -- show a b --count 2',
      '--dry-run',
      '3 refused',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  test('lists every command with its summary', async () => {
    const { exit, stdout } = await run('--help');
    expect(exit).toBe(EXIT.ok);
    expect(stdout).toMatch(/show +show what was parsed/);
    expect(stdout).toMatch(/fail +throw/);
  });

  test('never names npx, which could run something else of that name', async () => {
    for (const argv of [['--help'], ['show', '--help'], []]) {
      const { stdout, stderr } = await run(...argv);
      expect(stdout + stderr).not.toContain('npx');
    }
  });
});
