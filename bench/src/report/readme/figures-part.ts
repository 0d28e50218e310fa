const BEGIN = '<!-- measured: written by `npm run generate` from the runs in bench/results/cited.json -->';
const END = '<!-- /measured -->';

/** Where the figures of a page stand; negative where they have no place. */
export function partOfFigures(page: string): { readonly from: number; readonly to: number } {
  return { from: page.indexOf(BEGIN), to: page.indexOf(END) };
}

/** The page with this in the place of its figures. @throws Error where they have none */
export function withFiguresPart(page: string, path: string, figures: string): string {
  const { from, to } = partOfFigures(page);
  if (from < 0 || to < from) throw new Error(`${path}: expected a part between "${BEGIN}" and "${END}"`);
  return `${page.slice(0, from)}${BEGIN}\n\n${figures}\n\n${page.slice(to)}`;
}
