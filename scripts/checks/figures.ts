import { partOfFigures } from '../../bench/src/report/readme/figures-part.ts';
import { PAGE, withFigures } from '../../bench/src/report/readme/measured-section.ts';
import { MOTION_PAGE, withMotionFigures } from '../../bench/src/report/readme/motion-section.ts';
import { type Finding, lineAt } from './finding.ts';
import type { Project } from './project.ts';

/** A number with a unit that somebody must have measured. */
const FIGURE = /\b\d[\d.,]*\s?(?:ms|µs|s|KiB|MiB|GiB|kB|KB|MB|GB|bytes an (?:object|edit))\b/g;
const CODE = /^(```|~~~)[\s\S]*?^\1/gm;

/** Figures of the first page come from the runs that it cites, each with its folder; no other figure stands there. Those of the page on motion come from there, too. */
export function figures({ texts }: Pick<Project, 'texts'>): Finding[] {
  const page = texts.get(PAGE);
  if (page === undefined) return [];
  const findings = [
    ...stale(texts, PAGE, withFigures),
    ...(texts.has(MOTION_PAGE) ? stale(texts, MOTION_PAGE, withMotionFigures) : []),
  ];
  const { from, to } = partOfFigures(page);
  const prose = page.replaceAll(CODE, (code) => code.replaceAll(/[^\n]/g, ' '));
  for (const { 0: figure, index } of prose.matchAll(FIGURE))
    if (index < from || index > to)
      findings.push({
        path: PAGE,
        line: lineAt(page, index),
        message: `"${figure}": a figure names no run: let it be written from one in bench/results, or say it in words`,
      });
  return findings;
}

function stale(texts: Project['texts'], path: string, written: typeof withFigures): Finding[] {
  const page = texts.get(path) ?? '';
  try {
    if (written(page, (other) => texts.get(other)) === page) return [];
    const message = 'figures are not those of the cited runs: run `npm run generate`';
    return [{ path, line: lineAt(page, partOfFigures(page).from), message }];
  } catch (error) {
    return [{ path, line: 0, message: error instanceof Error ? error.message : String(error) }];
  }
}
