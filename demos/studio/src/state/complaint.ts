/** An error in layers of words: what failed, why, what to do, and everything for whoever digs. */
export interface Complaint {
  readonly headline: string;
  readonly reason: string | null;
  readonly hint: string | null;
  readonly details: string | null;
}

/** @param nameOf what to call the object of this id, where the error speaks of one; `null` where unknown */
export function complaintOf(error: unknown, nameOf: (id: string) => string | null = () => null): Complaint {
  if (!(error instanceof Error)) {
    return { headline: 'Something went wrong', reason: null, hint: null, details: String(error) };
  }
  const hint = textOf(error, 'hint');
  const code = textOf(error, 'code');
  const sentence = withName(withoutHint(error.message, hint), textOf(error, 'path'), nameOf);
  const colon = sentence.indexOf(': ');
  return {
    headline: colon < 0 ? sentence : sentence.slice(0, colon),
    reason: colon < 0 ? null : capital(sentence.slice(colon + 2)),
    hint,
    details: [code === null ? null : `${error.name} ${code}`, error.message]
      .filter((line) => line !== null)
      .join('\n'),
  };
}

export function textOf(error: Error, property: string): string | null {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' && value !== '' ? value : null;
}

// Our errors' messages end in their hint, which has a line of its own here.
function withoutHint(message: string, hint: string | null): string {
  const sentence =
    hint !== null && message.endsWith(hint) ? message.slice(0, -hint.length).trim() : message.trim();
  return sentence === '' ? 'Something went wrong' : sentence;
}

// People know their objects by name.
function withName(sentence: string, id: string | null, nameOf: (id: string) => string | null): string {
  const name = id === null ? null : nameOf(id);
  return id === null || name === null ? sentence : sentence.replaceAll(id, `“${name}”`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
