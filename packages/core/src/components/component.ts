import { type Static, type TObject, type TSchema, Type } from 'typebox';

/** Properties by name, as a component declares them. */
export type PropertySchemas = Readonly<Record<string, TSchema>>;

/** One built-in component: its schema yields the type, the validator, the JSON Schema and the inspector's fields. */
export interface ComponentDefinition<
  Name extends string = string,
  Properties extends PropertySchemas = PropertySchemas,
> {
  readonly name: Name;
  readonly title: string;
  readonly description: string;
  readonly properties: Properties;
  /** JSON Schema of the whole component; every property may be absent, unknown ones are kept. */
  readonly schema: TObject;
}

type DefaultedKey<Properties extends PropertySchemas> = {
  [Key in keyof Properties]: Properties[Key] extends { readonly default: unknown } ? Key : never;
}[keyof Properties];

/** What a reader sees: defaults filled in, the rest present only if it was written. */
export type ReadComponent<Properties extends PropertySchemas> = {
  readonly [Key in DefaultedKey<Properties>]: Static<Properties[Key]>;
} & {
  readonly [Key in Exclude<keyof Properties, DefaultedKey<Properties>>]?: Static<Properties[Key]>;
};

/** What an author may write: any of the properties, `null` to remove one. */
export type WriteComponent<Properties extends PropertySchemas> = {
  readonly [Key in keyof Properties]?: Static<Properties[Key]> | null;
};

export function defineComponent<const Name extends string, Properties extends PropertySchemas>(
  name: Name,
  text: { readonly title: string; readonly description: string },
  properties: Properties,
): ComponentDefinition<Name, Properties> {
  const optional = Object.entries(properties).map(([property, schema]) => [property, Type.Optional(schema)]);
  return { name, ...text, properties, schema: Type.Object(Object.fromEntries(optional), text) };
}
