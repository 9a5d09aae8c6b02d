/** The files that the PyTorch benches read are what our own code says; their harness keeps the rules of ours. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runBench, spread, type BenchContext } from '../../benches/harness';
import { referenceLosses } from '../../benches/peers/cusp';
import { createProblem } from '../../benches/peers/problem';
import { judgeControl } from '../../benches/summary';
import { writeChains } from '../../scripts/peer-problem/chains';
import { writeMatmul } from '../../scripts/peer-problem/matmul';
import { writeStep, type TransformerCase } from '../../scripts/peer-problem/step';
import { readSafetensors } from '../../src/lab/safetensors-read';

const peers = fileURLToPath(new URL('../../benches/peers/', import.meta.url));
const stored = (name: string): Buffer => readFileSync(`${peers}data/${name}`);
const REMEDY = 'else run: node scripts/run.mjs scripts/peer-problem.ts';

function storedCases(): Record<TransformerCase, { readonly losses: readonly number[] }> {
  const { metadata } = readSafetensors(stored('step.safetensors'));
  return (JSON.parse(metadata.get('problem')!) as { cases: ReturnType<typeof storedCases> }).cases;
}

describe(`benches/peers/data is up to date, ${REMEDY}`, () => {
  it('step: weights, rows, numbers; the losses of the transformer as they stand there', async () => {
    const { batch512, paper } = storedCases();
    const made = await writeStep({ batch512: batch512.losses, paper: paper.losses });
    expect(stored('step.safetensors').equals(made)).toBe(true);
  });

  it('losses of the transformer at batch 512, in float64', async () => {
    const { batch512, paper } = storedCases();
    const [loss] = await referenceLosses(createProblem(), 1);
    expect(batch512.losses[0]).toBe(loss);
    // Of the same network on more rows: about as large at the start, and falling.
    expect(Math.abs(paper.losses[0] - loss)).toBeLessThan(0.02);
    expect(paper.losses[2]).toBeLessThan(paper.losses[0]);
  });

  it('chains', async () => {
    expect(stored('chains.safetensors').equals(await writeChains())).toBe(true);
  });

  it('matmul', () => {
    expect(stored('matmul.json').toString()).toBe(writeMatmul());
  });
});

/** Python 3, by either name; the tests below need it, but no PyTorch. */
const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; assert sys.version_info >= (3, 9)']).status === 0,
);

function runPython(code: string): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: peers };
  const { status, stdout, stderr } = spawnSync(python!, ['-c', code], { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

describe.skipIf(!python)('the harness in Python', () => {
  it.each([
    ['near', [4, 1.25, 3, 2.5, 6]],
    ['off, with 1 in its spread', [4, 0.9, 2.9, 2.5, 6]],
    ['far off, with 1 in its spread', [2, 1.25, 2, 2.5, 4]],
    ['off', [4, 0.9, 2.9, 1.8, 6.3]],
  ])('has the quartiles and the control of ours: %s', (_, others) => {
    const samples = [4.5, 1, 3.25, 2, 7];
    const code = `import json, timing; print(json.dumps([timing.spread(${JSON.stringify(samples)}),
      timing.judge_control(${JSON.stringify(samples)}, ${JSON.stringify(others)})]))`;
    const [quartiles, control] = JSON.parse(runPython(code).stdout) as unknown[];
    expect(quartiles).toEqual(spread(samples));
    expect(control).toEqual(judgeControl(samples, others));
  });

  it('checks first, then runs in turns and makes rows as ours does', async () => {
    const code = `
import json, timing
clock = [0.0]
timing.time.perf_counter = lambda: clock[0]
calls = []
def contender(name, cost, wrong=False):
    def check():
        calls.append("check " + name)
        if wrong:
            raise ValueError("off by one")
    def run(n):
        calls.append(name)
        clock[0] += n * cost
    return timing.Contender(name, lambda: timing.Running(check, run, flops=6e6, items=3))
all = [contender("a", 0.002), contender("b", 0.08), contender("c", 1, wrong=True)]
adapter = {"on": "adapter", "adapter": "fake", "fallback": True}
result = timing.run_bench("t/c", "a title", "runs", all, adapter, lambda line: None)
print(json.dumps([result, calls]))`;
    const { stdout, stderr } = runPython(code);
    expect(stderr).toBe('');
    const [result, calls] = JSON.parse(stdout) as [Record<string, unknown>, string[]];
    let time = 0;
    const fake = (name: string, cost: number, wrong = false) => ({
      name,
      prepare: () =>
        Promise.resolve({
          flops: 6e6,
          items: 3,
          check: () => (wrong ? Promise.reject(new Error('off by one')) : Promise.resolve()),
          run: (n: number) => Promise.resolve(void (time += 1000 * n * cost)),
          dispose: () => {},
        }),
    });
    const adapter = { vendor: 'fake', architecture: '', description: '', fallback: true };
    const ours = await runBench(
      {
        name: 't/c',
        title: 'a title',
        unit: 'runs',
        contenders: () => Promise.resolve([fake('a', 0.002), fake('b', 0.08), fake('c', 1, true)]),
      },
      { gpu: { adapter } } as BenchContext,
      { timing: { milliseconds: 50, rounds: 9, budgetSeconds: 20, now: () => time } },
    );
    const rounded = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (_, x: unknown) => (typeof x === 'number' ? +x.toPrecision(9) : x)),
      );
    expect(rounded(result)).toEqual(rounded(ours));
    expect(calls.indexOf('check b')).toBeLessThan(calls.indexOf('b'));
    expect(calls).not.toContain('c');
  });
});

/** A command of benches/peers where `import torch` fails, whether PyTorch is installed or not. */
function runWithoutTorch(name: string, args: readonly string[]) {
  return runPython(`import runpy, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            raise ImportError("No module named 'torch'")
sys.meta_path.insert(0, Refuse())
sys.argv = ["${name}.py", *${JSON.stringify(args)}]
runpy.run_path(${JSON.stringify(`${peers}${name}.py`)}, run_name="__main__")`);
}

describe.skipIf(!python)('the commands in Python', () => {
  it.each(['step', 'chains', 'matmul'])('%s: one line and exit code 2 without PyTorch', (name) => {
    const { status, stdout, stderr } = runWithoutTorch(name, []);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^PyTorch cannot be imported .*: install it .*\n$/);
  });

  it.each([
    [['--case', 'none'], /^argument --case: invalid choice: 'none' .*\n$/],
    [['--device', 'tpu'], /^argument --device: invalid choice: 'tpu' .*\n$/],
    [['--json', ''], /^--json: name a file, or - for stdout\n$/],
  ])('refuse %j with one line that names the argument, exit code 2', (args, message) => {
    const { status, stderr } = runWithoutTorch('step', args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
