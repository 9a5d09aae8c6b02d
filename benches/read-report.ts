/** Reports from files, which anybody may have written: what is not as `run.ts` declares it is refused with the reason. */
import type { Report } from './run';

/** PyTorch is a runtime too, though none of ours. */
export type StoredReport = Omit<Report, 'environment'> & {
  readonly environment: Omit<Report['environment'], 'runtime'> & { readonly runtime: string };
};

const FIELDS = ['date', 'environment', 'commit', 'quick', 'ceilings', 'results', 'stopped'];

type Json = Readonly<Record<string, unknown>>;

/** Throws an error of a few words. */
export function readReport(text: string): StoredReport {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    throw new Error('is not JSON');
  }
  if (!isRecord(report)) throw new Error('is no report');
  if (report['schema'] !== 2)
    throw new Error(`has schema ${String(report['schema']).slice(0, 20)}, must be 2`);
  const missing = FIELDS.find((field) => !Object.hasOwn(report as Json, field));
  if (missing) throw new Error(`has no ${missing}`);
  const { environment, ceilings, results } = report;
  const words = ['host', 'driver', 'vendor', 'architecture', 'description'];
  if (!isRecord(environment) || !words.every((word) => typeof environment[word] === 'string'))
    throw new Error('does not say on what it was measured');
  if (ceilings !== null && !areCeilings(ceilings))
    throw new Error('has ceilings that are no numbers');
  if (!Array.isArray(results)) throw new Error('has no list of results');
  const broken = results.findIndex((result) => !isResult(result));
  if (broken !== -1) throw new Error(`has a result, number ${broken + 1}, that is none`);
  return report as unknown as StoredReport;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areCeilings(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { copy, fma } = value;
  return isRecord(copy) && isRecord(fma) && isAmount(copy['gbs']) && isAmount(fma['gflops']);
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function isResult(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, title, unit, rows, conclusions } = value;
  return (
    [name, title, unit].every((text) => typeof text === 'string') &&
    Array.isArray(rows) &&
    rows.every(isRow) &&
    Array.isArray(conclusions) &&
    conclusions.every((text) => typeof text === 'string')
  );
}

const NUMBERS = ['rate', 'flops', 'bytes', 'items', 'gflops', 'gbs', 'fractionOfCeiling', 'speed'];

function isRow(value: unknown): boolean {
  if (!isRecord(value) || typeof value['contender'] !== 'string') return false;
  const { seconds, place } = value;
  const spread =
    seconds === undefined ||
    (isRecord(seconds) && ['lower', 'median', 'upper'].every((key) => isAmount(seconds[key])));
  const placed =
    place === undefined ||
    (isRecord(place) &&
      isAmount(place['size']) &&
      [place['axis'], place['who']].every((text) => typeof text === 'string'));
  const counted = NUMBERS.every(
    (key) => [undefined, 0].includes(value[key] as 0) || isAmount(value[key]),
  );
  return spread && placed && counted;
}
