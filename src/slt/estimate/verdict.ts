/** From evidence to words: is this λ̂ to be trusted, and if not, why and what to do. */
import { type Evidence, type Severity, type Verdict, verdict } from './evidence';
import { formatNumber, formatWithError } from './format';
import { CHAIN_RULES } from './rules-chains';
import { VALUE_RULES } from './rules-value';

export type { Evidence, Severity, Verdict, VerdictCode } from './evidence';

const ORDER: readonly Severity[] = ['bad', 'warning', 'good'];

/** `healthy` is said only of chains whose mixing was measured; otherwise silence of the rules proves nothing. */
function acquit({ rhat, ess }: Evidence): Verdict {
  if (rhat == null || ess == null) {
    const missing = [rhat == null ? 'R̂' : null, ess == null ? 'ESS' : null].filter(Boolean);
    return verdict(
      'unchecked',
      'warning',
      `Nothing wrong was found, but ${missing.join(' and ')} could not be measured. Take more draws, in several chains.`,
    );
  }
  return verdict(
    'healthy',
    'good',
    `The chains agree (R̂ = ${formatNumber(rhat, 4)}, ESS = ${formatNumber(ess, 3)}), and no check found a fault.`,
  );
}

/**
 * All that the rules find, worst first and one verdict per code; `healthy` or `unchecked` when they find nothing. Never
 * empty.
 */
export function judge(evidence: Evidence): readonly Verdict[] {
  const found = [...VALUE_RULES, ...CHAIN_RULES].flatMap((rule) => rule(evidence) ?? []);
  if (found.length === 0) return [acquit(evidence)];
  const sorted = ORDER.flatMap((severity) => found.filter((one) => one.severity === severity));
  return sorted.filter((one, at) => sorted.findIndex((other) => other.code === one.code) === at);
}

/** The worst severity among verdicts; `warning` for none at all, since nothing was judged. */
export function worstSeverity(verdicts: readonly Verdict[]): Severity {
  return ORDER.find((severity) => verdicts.some((one) => one.severity === severity)) ?? 'warning';
}

export interface DescribedEstimate {
  /** Null where no chain is left. */
  readonly mean: number | null;
  readonly standardError: number | null;
  readonly nbeta: number;
  /** The name nβ came by, shown in front of its value. */
  readonly convention?: string | null;
}

/**
 * `λ̂ = 7.02 ± 0.05 (nβ = 1e6)`: the estimate with its error and the inverse temperature it belongs to. λ̂ is never shown
 * without its diagnostics, so what is wrong follows by code: `λ̂ = −3.2 ± 0.4 (nβ = n/log(n) = 144.8), bad: lower-basin`.
 */
export function describeEstimate(
  { mean, standardError, nbeta, convention = null }: DescribedEstimate,
  verdicts: readonly Verdict[],
): string {
  const temperature = `nβ = ${convention === null ? '' : `${convention} = `}${formatNumber(nbeta, 4)}`;
  const value = mean === null ? 'no λ̂' : `λ̂ = ${formatWithError(mean, standardError)}`;
  const line = `${value} (${temperature})`;
  const severity = worstSeverity(verdicts);
  if (severity === 'good') return line;
  const codes = verdicts.filter((one) => one.severity === severity).map((one) => one.code);
  return `${line}, ${severity}: ${codes.length > 0 ? codes.join(', ') : 'not judged'}`;
}
