/** A JSON object from elsewhere: nothing about its members is known. */
export type JsonRecord = { readonly [name: string]: unknown };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own member; never one of the prototype, whatever its name. */
export function member(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function stringMember(value: unknown, name: string): string | null {
  const found = member(value, name);
  return typeof found === 'string' ? found : null;
}

export function integerMember(value: unknown, name: string): number | null {
  const found = member(value, name);
  return Number.isSafeInteger(found) ? Number(found) : null;
}
