/** The command line as tests use it: in a process of its own, or, much quicker, in this one. */
import { spawn } from 'node:child_process';
import { explain } from '../../scripts/lab/usage';

export interface Spoken {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run lab -- …` without npm. */
export function spawnLab(...args: string[]): Promise<Spoken> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/lab.ts', ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** One command's function with what it printed, and its errors explained as scripts/lab.ts does. */
export async function callLab(
  command: (args: string[]) => Promise<number>,
  args: string[],
): Promise<Spoken> {
  let stdout = '';
  let stderr = '';
  const { log, error } = console;
  console.log = (line: string) => void (stdout += `${line}\n`);
  console.error = (line: string) => void (stderr += `${line}\n`);
  try {
    const code = await command(args);
    return { code, stdout, stderr };
  } catch (thrown) {
    const { message, code } = explain(thrown);
    return { code, stdout, stderr: `${stderr}${message}\n` };
  } finally {
    console.log = log;
    console.error = error;
  }
}

/** The JSON object that must be the last line of stdout. */
export function lastObject({ stdout }: Spoken): Record<string, unknown> {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
}
