/**
 * Lets a selector write `[light.intensity=2]` and `[acme:door|open]`: in the name of an attribute, the dot becomes the
 * bar of a namespace and the colon is escaped, for CSS would read neither as part of a name.
 */
export function escapeNames(selector: string): string {
  let result = '';
  let state: 'outside' | 'name' | 'value' = 'outside';
  let quote = '';
  for (let at = 0; at < selector.length; at++) {
    const character = selector.charAt(at);
    if (character === '\\') {
      result += character + selector.charAt(at + 1);
      at += 1;
      continue;
    }
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '[') {
      state = 'name';
    } else if (character === ']') {
      state = 'outside';
    } else if (state === 'name') {
      if (character === '.') {
        result += '|';
        continue;
      }
      if (character === ':') result += '\\';
      else if ('=~^$*!'.includes(character)) state = 'value';
    }
    result += character;
  }
  return result;
}
