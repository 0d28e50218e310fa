/** An error as three layers of words: what happened, what to do, and everything for whoever digs. */
export interface Complaint {
  readonly headline: string;
  readonly hint: string | null;
  readonly details: string | null;
}

export function complaintOf(error: unknown): Complaint {
  if (!(error instanceof Error))
    return { headline: 'Something went wrong', hint: null, details: String(error) };
  const hint = textOf(error, 'hint');
  const code = textOf(error, 'code');
  return {
    headline: headlineOf(error.message, hint),
    hint,
    details: [code === null ? null : `${error.name} ${code}`, error.message]
      .filter((line) => line !== null)
      .join('\n'),
  };
}

// A WeftError's message ends in its hint, which has a line of its own here.
function headlineOf(message: string, hint: string | null): string {
  const sentence = hint !== null && message.endsWith(hint) ? message.slice(0, -hint.length).trim() : message;
  return sentence === '' ? 'Something went wrong' : sentence;
}

export function textOf(error: Error, property: string): string | null {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' && value !== '' ? value : null;
}
