import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { specText } from './files.ts';

/** Strict, so that a keyword of another dialect (a tuple in `items`) is an error and no silence. */
const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
ajv.addKeyword({ keyword: 'x-unit', schemaType: 'string' });

const compiled = new Map<string, ValidateFunction>();

/** What a checked-in schema objects to in a value. */
export function schemaOf(path: string): (value: unknown) => readonly string[] {
  const validate = compiled.get(path) ?? ajv.compile(JSON.parse(specText(path)));
  compiled.set(path, validate);
  return (value) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
