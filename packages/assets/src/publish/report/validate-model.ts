/// <reference path="./gltf-validator.d.ts" />
import type { ValidationReport, ValidatorMessage } from 'gltf-validator';
import type { ModelFinding, ModelReport, Severity } from './model-report.ts';
import { plainWords } from './plain-words.ts';

/** What the validator tells of one model; a broken one may have a finding for every vertex. */
export const MAX_VALIDATOR_MESSAGES = 2_000;
export const MAX_SHOWN_PLACES = 3;
const MAX_SHOWN_CHARACTERS = 100;

/**
 * Asks the Khronos validator. It reads every number and decodes the heads of textures: `checkGlb` holds the file to its bounds
 * first, since the validator knows none. Loads 300 KB with the first call; costs about 10 ns a byte.
 */
export async function validateModel(glb: Uint8Array): Promise<ModelReport> {
  const { validateBytes } = await import('gltf-validator');
  const raw = await validateBytes(glb, {
    format: 'glb',
    maxIssues: MAX_VALIDATOR_MESSAGES,
    writeTimestamp: false,
  });
  return reportOf(raw);
}

export function reportOf({ issues, info = {} }: ValidationReport): ModelReport {
  const byCode = new Map<string, ValidatorMessage[]>();
  for (const message of issues.messages) {
    const same = byCode.get(message.code);
    if (same === undefined) byCode.set(message.code, [message]);
    else same.push(message);
  }
  const findings = [...byCode.values()].map(findingOf).filter((finding) => finding !== null);
  findings.sort((a, b) => ORDER[a.severity] - ORDER[b.severity] || b.count - a.count);
  return {
    isValid: !findings.some(({ severity }) => severity === 'error'),
    findings,
    isCutOff: issues.truncated,
    facts: {
      triangles: info.totalTriangleCount ?? 0,
      vertices: info.totalVertexCount ?? 0,
      drawCalls: info.drawCallCount ?? 0,
      materials: info.materialCount ?? 0,
      animations: info.animationCount ?? 0,
      isSkinned: info.hasSkins ?? false,
      isTextured: info.hasTextures ?? false,
      generator: info.generator?.slice(0, MAX_SHOWN_CHARACTERS) ?? null,
      extensions: info.extensionsUsed ?? [],
    },
  };
}

const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, remark: 2 };

function findingOf(messages: readonly ValidatorMessage[]): ModelFinding | null {
  const [first] = messages;
  if (first === undefined) return null;
  return {
    code: first.code,
    severity: severityOf(first.severity),
    count: messages.length,
    places: messages.slice(0, MAX_SHOWN_PLACES).flatMap(placeOf),
    ...plainWords(first.code),
    original: first.message.slice(0, MAX_SHOWN_CHARACTERS),
  };
}

function severityOf(number: number): Severity {
  if (number === 0) return 'error';
  return number === 1 ? 'warning' : 'remark';
}

function placeOf({ pointer, offset }: ValidatorMessage): string[] {
  if (pointer !== undefined) return [pointer.slice(0, MAX_SHOWN_CHARACTERS)];
  return offset === undefined ? [] : [`byte ${offset}`];
}
