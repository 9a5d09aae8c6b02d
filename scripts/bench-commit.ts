/** Which state of the sources a bench measured. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The commit checked out, with `-dirty` behind it where files differ; null without git or outside a repository. */
export function readCommit(): string | null {
  const describe = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  try {
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', describe, { cwd, stdio, encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
