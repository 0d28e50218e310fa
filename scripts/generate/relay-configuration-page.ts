import { SECTIONS, type Setting } from '@weft/relay/config';

const HEAD = `<!-- Written by \`npm run generate\` from the schema in packages/relay/src/config. -->

# Configuration of a relay

\`npm run -s weft -- relay --config relay.json\` reads a JSON file of sections and settings:

\`\`\`json
{
  "server": { "publicUrl": "wss://relay.example.org", "host": "0.0.0.0" },
  "homeserver": { "url": "https://matrix.example.org" },
  "worlds": { "allowed": ["@alice:example.org"] }
}
\`\`\`

An environment variable wins over the file, the file over the default; lists stand in variables separated by commas.
A name that is not on this page is refused, and so is a value outside its bounds. The file is not needed where variables say it all.

What must stay secret does not stand in the file:

| variable | holds |
| --- | --- |
| \`WEFT_RELAY_TOKEN\` | the access token of the relay's account (or a file: \`homeserver.tokenFile\`) |
| \`WEFT_RELAY_PASSWORD\` | its password, where \`homeserver.user\` is set (or a file: \`homeserver.passwordFile\`) |
| \`WEFT_RELAY_METRICS_TOKEN\` | who shows it as a bearer token may read \`/metrics\`; without it only this machine may |
| \`WEFT_RELAY_CONFIG\` | the path of the file, instead of \`--config\` |
`;

/** The reference page of everything that can be said to a relay. */
export function relayConfigurationPage(): string {
  const sections = SECTIONS.map(
    ({ name, description, settings }) => `## \`${name}\`

${description}

| setting | accepts | default | is | variable |
| --- | --- | --- | --- | --- |
${settings.map(rowOf).join('\n')}
`,
  );
  return `${HEAD}\n${sections.join('\n')}`;
}

function rowOf({ name, accepts, fallback, description, variable }: Setting): string {
  const cells = [`\`${name}\``, accepts, shown(fallback), description, `\`${variable}\``];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function shown(fallback: Setting['fallback']): string {
  if (fallback === '') return '';
  return typeof fallback === 'object' ? `\`${JSON.stringify(fallback)}\`` : `\`${fallback}\``;
}
