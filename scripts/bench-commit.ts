/** Which state of the sources a bench measured. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Reports that were written before do not change what is measured. */
const SOURCES = ['.', ':!docs/benchmarks'];

/** The commit checked out, with `-dirty` behind it where sources differ; null without git or outside a repository. */
export function readCommit(): string | null {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    }).trim();
  try {
    const commit = git('rev-parse', 'HEAD');
    const changes = git('status', '--porcelain', '--untracked-files=no', '--', ...SOURCES);
    return changes === '' ? commit : `${commit}-dirty`;
  } catch {
    return null;
  }
}
