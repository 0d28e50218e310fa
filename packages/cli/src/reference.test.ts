import { expect, test } from 'vitest';
import { commands } from './commands/table.ts';
import { runProgram } from './program.ts';
import { renderReference } from './reference.ts';

test('the reference page is what the command table says; "vitest -u" writes it', async () => {
  await expect(renderReference(commands)).toMatchFileSnapshot('../../../docs/commands.md');
});

test('every command teaches: a summary, a description, examples of itself, and help that shows them', async () => {
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  for (const { name, summary, description, examples } of commands) {
    expect(summary, name).toMatch(/^[a-z].*[^.]$/);
    expect(description, name).toMatch(/\.$/);
    expect(examples.length, name).toBeGreaterThan(0);
    for (const { command, does } of examples) {
      expect(command, name).toMatch(new RegExp(`^${name}( |$)`));
      expect(does, name).toMatch(/^[A-Z]/);
    }
    const chunks: string[] = [];
    const exit = await runProgram(commands, [name, '--help'], {
      environment: {},
      directory: '/',
      weftDirectory: '/.weft',
      signal: new AbortController().signal,
      stdout: (chunk) => chunks.push(chunk),
      stderr: (chunk) => chunks.push(chunk),
    });
    expect(exit, name).toBe(0);
    for (const { command } of examples) expect(chunks.join('')).toContain(command);
    expect(chunks.join('')).not.toContain('npx');
  }
});
