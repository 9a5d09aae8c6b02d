/**
 * `npm run claims -- [filter] [--runtime …] [--json FILE]`: tries the papers' claims and prints a table; failures are printed, not hidden.
 * Without a filter all results go to CLAIMS.md; with one, rows of that name are replaced there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { claims as llcClaims } from './claims/llc';
import { formatClaims, readResults } from './claims/table';
import type { Claim, ClaimResult } from './claims/types';
import { carryOut } from './lab/run';
import { explain, readArguments, readRuntime, UsageError } from './lab/usage';

const TABLE = 'CLAIMS.md';
const STORE = 'docs/claims.json';
const all: readonly Claim[] = [...llcClaims];

async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { runtime: { type: 'string' } });
  const runtime = readRuntime(values.runtime);
  const [filter = ''] = positionals;
  const wanted = all.filter(({ name }) => name.includes(filter));
  if (wanted.length === 0) throw new UsageError(`no claim has '${filter}' in its name`);
  let failed = 0;
  for (const claim of wanted) {
    const result = await tryClaim(claim, runtime);
    if (!result.holds) failed++;
    console.error(
      `${result.holds ? 'holds ' : 'FAILS '} ${result.name}: ${result.ours} (${result.theirs})`,
    );
    keep(result);
  }
  console.log(JSON.stringify({ tried: wanted.length, failed }));
  return failed > 0 ? 1 : 0;
}

async function tryClaim(
  claim: Claim,
  runtime: ReturnType<typeof readRuntime>,
): Promise<ClaimResult> {
  const records = [];
  const { name, source, theirs } = claim;
  for (const [k, config] of claim.runs.entries()) {
    console.error(`${name}: run ${k + 1} of ${claim.runs.length}`);
    const { record, failure } = await carryOut({
      config,
      runtime,
      directory: undefined,
      earlier: undefined,
      source: {},
      quiet: true,
    });
    if (!record) throw new Error(`${name}: ${failure?.message ?? 'no record'}`);
    records.push(record);
  }
  const { adapter } = records[0];
  return {
    name,
    claim: claim.claim,
    source,
    theirs,
    ...claim.judge(records),
    adapter: `${adapter.description || adapter.architecture || adapter.vendor} (${adapter.runtime})`,
    seeds: [...new Set(records.map(({ seed }) => seed))],
    seconds: records.reduce((sum, { seconds }) => sum + seconds, 0),
    command: `npm run claims -- '${name}'`,
  };
}

/** Rows stay in the order of the list; those of claims that are gone go. */
function keep(result: ClaimResult): void {
  const known = existsSync(STORE) ? readResults(readFileSync(STORE, 'utf8')) : [];
  const results = all.flatMap(({ name }) =>
    name === result.name ? [result] : known.filter((one) => one.name === name),
  );
  writeFileSync(STORE, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(TABLE, formatClaims(results));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, code } = explain(error);
  console.error(message);
  process.exitCode = code;
}
