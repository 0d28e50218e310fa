/** Whether something is a record as JSON has them: no list, no date, no instance of a class. */
export function isPlainRecord(input: unknown): input is object {
  if (typeof input !== 'object' || input === null) return false;
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === null || prototype === Object.prototype;
}

/** As JSON where that is short and possible: what is hostile may be cyclic or huge. */
export function showHostile(got: unknown): string {
  if (typeof got === 'string') return JSON.stringify(got.slice(0, 200));
  if (Array.isArray(got)) return `a list of ${got.length}`;
  if (typeof got === 'function') return 'a function';
  if (typeof got !== 'object' || got === null) return String(got);
  return isPlainRecord(got) ? 'an object' : Object.prototype.toString.call(got);
}
