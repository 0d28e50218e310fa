import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { report } from './report.ts';
import { CHECK_NAMES, runChecks } from './run-checks.ts';

const HELP = `npm run check [-- --json] [-- NAME...]

Checks the working tree, committed or not. Names: ${CHECK_NAMES.join(', ')}.
  --json   one JSON object on standard output instead of the table
Ends with 0 where every check passes, 1 where one fails, 2 on a name it does not know.`;

const root = fileURLToPath(new URL('../..', import.meta.url));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.filter((name) => !CHECK_NAMES.includes(name));
  if (unknown.length > 0) {
    console.error(`No check is called ${unknown.join(', ')}.\n\n${HELP}`);
    return 2;
  }
  const results = await runChecks(root, positionals.length > 0 ? positionals : CHECK_NAMES);
  const ok = results.every(({ findings }) => findings.length === 0);
  console.log(values.json ? JSON.stringify({ ok, checks: results }, null, 2) : report(results));
  return ok ? 0 : 1;
}

process.exitCode = await main();
