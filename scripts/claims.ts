/**
 * `npm run claims -- [filter] [--size quick | paper | all] [--runtime …] [--runs DIR] [--json FILE]`: tries the papers' claims and prints what came of each; failures
 * are printed, not hidden. Claims of paper size are tried where there is a real GPU, or when `--size` asks for them. Results replace the
 * rows of the same name in CLAIMS.md and docs/claims.json; `--json` writes those of this command to a file too. `--runs` keeps
 * the records of runs in a directory and takes those that are there: what was interrupted goes on, and a changed rule judges anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describeConfigurations } from './claims/configuration';
import { claims as grokkingClaims } from './claims/grokking';
import { claims as llcClaims } from './claims/llc';
import { claims as lotteryClaims } from './claims/lottery';
import { createRunner } from './claims/run-cache';
import { formatClaims, readResults } from './claims/table';
import { claims as ticketClaims } from './claims/tickets';
import { claims as ticketPaperClaims } from './claims/tickets-paper';
import type { Claim, ClaimResult } from './claims/types';
import { hasRealGpu } from './lab/devices';
import { explain, readArguments, readRuntime, UsageError, type Runtime } from './lab/usage';

const TABLE = 'CLAIMS.md';
const STORE = 'docs/claims.json';
const SIZES = ['quick', 'paper', 'all'] as const;
const all: readonly Claim[] = [
  ...grokkingClaims,
  ...ticketClaims,
  ...ticketPaperClaims,
  ...lotteryClaims,
  ...llcClaims,
];

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    runtime: { type: 'string' },
    size: { type: 'string' },
    runs: { type: 'string' },
    json: { type: 'string' },
  });
  if (positionals.length > 1)
    throw new UsageError(`one filter at a time, got ${positionals.join(' ')}`);
  const runtime = readRuntime(values.runtime);
  const [filter = ''] = positionals;
  const named = all.filter(({ name }) => name.includes(filter));
  if (named.length === 0) throw new UsageError(`no claim has '${filter}' in its name`);
  const wanted = await ofSize(named, values.size, runtime);
  const run = createRunner(runtime, values.runs);
  const results: ClaimResult[] = [];
  let failed = 0;
  for (const claim of wanted) {
    const result = await tryClaim(claim, run).catch((error: unknown) => {
      console.error(`FAILS ${claim.name}: ${explain(error).message.split('\n')[0]}`);
      return null;
    });
    if (!result?.holds) failed++;
    if (!result) continue;
    const { holds, name, ours, theirs } = result;
    console.error(`${holds ? 'holds' : 'FAILS'} ${name}: ${ours} (${theirs})`);
    results.push(result);
    keep(result);
  }
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  console.log(JSON.stringify({ tried: wanted.length, failed, left: named.length - wanted.length }));
  return failed > 0 ? 1 : 0;
}

async function ofSize(
  claims: readonly Claim[],
  size: string | undefined,
  runtime: Runtime,
): Promise<readonly Claim[]> {
  if (size !== undefined && !(SIZES as readonly string[]).includes(size))
    throw new UsageError(`--size ${size}: must be one of ${SIZES.join(', ')}`);
  const sizeOf = (claim: Claim): string => claim.size ?? 'quick';
  if (size === 'all' || claims.every((claim) => sizeOf(claim) === 'quick')) return claims;
  if (size !== undefined) return claims.filter((claim) => sizeOf(claim) === size);
  if (await hasRealGpu(runtime)) return claims;
  for (const claim of claims) {
    if (sizeOf(claim) === 'paper')
      console.error(`left out, for it is of a size for a GPU (--size paper): ${claim.name}`);
  }
  return claims.filter((claim) => sizeOf(claim) === 'quick');
}

async function tryClaim(claim: Claim, run: ReturnType<typeof createRunner>): Promise<ClaimResult> {
  const records = [];
  const { name, source, theirs } = claim;
  for (const [k, config] of claim.runs.entries()) {
    console.error(`${name}: run ${k + 1} of ${claim.runs.length}`);
    records.push(await run(config));
  }
  const { adapter } = records[0];
  return {
    name,
    claim: claim.claim,
    source,
    theirs,
    ...claim.judge(records),
    configuration: describeConfigurations(claim.runs),
    adapter: `${adapter.description || adapter.architecture || adapter.vendor} (${adapter.runtime})`,
    seeds: [...new Set(records.map(({ seed }) => seed))],
    seconds: records.reduce((sum, { seconds }) => sum + seconds, 0),
    command: `npm run claims -- '${name}'`,
  };
}

/** Rows stay in the order of the list; those of claims that are gone go. */
function keep(result: ClaimResult): void {
  const known = existsSync(STORE) ? readResults(readFileSync(STORE, 'utf8')) : [];
  const results = all.flatMap((claim) => {
    if (claim.name === result.name) return [result];
    const kept = known.find(({ name }) => name === claim.name);
    return kept ? [{ ...kept, configuration: describeConfigurations(claim.runs) }] : [];
  });
  const untried = all.filter(({ name }) => !results.some((one) => one.name === name));
  writeFileSync(STORE, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(TABLE, formatClaims(results, untried));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, code } = explain(error);
  console.error(message);
  process.exitCode = code;
}
