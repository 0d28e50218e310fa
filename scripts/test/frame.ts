const WIDTH = 100;

/** A message that nobody scrolls past. */
export function frame(title: string, text: string): string {
  const bar = '!'.repeat(WIDTH);
  const lines = text.split('\n').flatMap((line) => wrap(line, WIDTH - 4));
  return [bar, `!! ${title}`, ...lines.map((line) => `!! ${line}`.trimEnd()), bar].join('\n');
}

function wrap(line: string, width: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of line.split(' ')) {
    if (row !== '' && row.length + 1 + word.length > width) {
      rows.push(row);
      row = word;
    } else {
      row = row === '' ? word : `${row} ${word}`;
    }
  }
  return [...rows, row];
}
