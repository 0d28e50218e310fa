/** Whether it is well-formed text without NUL, of 1 to `maxCharacters` UTF-16 units. */
export function isBoundedText(input: unknown, maxCharacters: number): input is string {
  return (
    typeof input === 'string' &&
    input.length > 0 &&
    input.length <= maxCharacters &&
    input.isWellFormed() &&
    !input.includes('\0')
  );
}
