import { openApi } from '@weft/relay/service-api';
import { componentPage } from './component-page.ts';
import { componentSchemas } from './component-schemas.ts';
import { eventSchemas } from './event-schemas.ts';
import { framePage } from './frame-page.ts';
import { frameSchemas } from './frame-schemas.ts';
import { jsonText, plain } from './json.ts';
import { powerLevelsPage } from './power-levels-page.ts';
import { relayConfigurationPage } from './relay-configuration-page.ts';
import { generatedFrames } from './vectors/frames.ts';
import { generatedPoseFlows } from './vectors/pose-flows.ts';
import { generatedPoses } from './vectors/poses.ts';
import { generatedVectors, vectorText } from './vectors.ts';

const SPEC = 'protocol-spec';

/** Folders in which nothing is written by hand. */
export const GENERATED_FOLDERS = [
  `${SPEC}/schemas`,
  `${SPEC}/vectors/generated`,
  `${SPEC}/lane-vectors/generated`,
];

/** Every file that is written by machine, by path relative to the repository: `npm run generate` writes them. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [type, schema] of eventSchemas()) files.set(`${SPEC}/schemas/${type}.json`, jsonText(schema));
  for (const { name, schema } of componentSchemas())
    files.set(`${SPEC}/schemas/components/${name}.json`, jsonText(schema));
  for (const { type, schema } of frameSchemas())
    files.set(`${SPEC}/schemas/frames/${type}.json`, jsonText(schema));
  files.set(`${SPEC}/components.md`, componentPage());
  files.set(`${SPEC}/frames.md`, framePage());
  files.set(`${SPEC}/power-levels.md`, powerLevelsPage());
  files.set('docs/relay-configuration.md', relayConfigurationPage());
  files.set('docs/relay-services.openapi.json', jsonText(plain(openApi())));
  for (const [name, text] of generatedVectors()) files.set(`${SPEC}/vectors/generated/${name}`, text);
  files.set(`${SPEC}/lane-vectors/generated/frames.json`, vectorText(generatedFrames()));
  files.set(`${SPEC}/lane-vectors/generated/poses.json`, vectorText(generatedPoses()));
  files.set(`${SPEC}/lane-vectors/generated/pose-flows.json`, vectorText(generatedPoseFlows()));
  return files;
}
