import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandFor } from '../../scripts/benchmarks/command';
import { formatBenchmarks } from '../../scripts/benchmarks/document';
import { parseReport, readReports } from '../../scripts/benchmarks/read';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(at(path), 'utf8');
const FIXTURES = 'tests/bench/fixtures/benchmarks';

describe('BENCHMARKS.md', () => {
  it('is what the stored reports say; else run `npm run benchmarks`', () => {
    const stored = readReports(at('docs/benchmarks'));
    const made = formatBenchmarks(stored, read('docs/benchmarks/tried.md'));
    expect(read('BENCHMARKS.md')).toBe(made);
  });

  it('has a section a machine, a table a bench, with the commands that repeat them', () => {
    const made = formatBenchmarks(readReports(at(FIXTURES)), read(`${FIXTURES}/tried.md`));
    expect(made).toBe(read(`${FIXTURES}/expected.md`));
  });

  it('puts rows of several runs over the first row of the first', () => {
    const made = formatBenchmarks(readReports(at(FIXTURES)), '');
    expect(made).toMatch(/^\| cusp \| 500 µs .*\| 1\.00× \| a \|$/m);
    expect(made).toMatch(/^\| PyTorch, eager, all positions \| 2\.00 ms .*\| 0\.250× \| b \|$/m);
    expect(made).not.toContain('| control: the same again |');
  });

  it('says how Cusp compares with PyTorch, the fastest rows of either, way by way', () => {
    const made = formatBenchmarks(readReports(at(FIXTURES)), '');
    for (const line of [
      '- cusp (run a): 3.00× the rate of PyTorch, eager, last position, fused attention (run b), the fastest of 2',
      '- cusp (run a): 1.25× the rate of PyTorch, CUDA graph, last position, fused attention (run b)',
      '- on-chip, 256 chains (run a): 8.00× the rate of PyTorch, vmap (run b)',
      // What would have been faster than what is chosen does not count.
      '- chosen (run a): 60.0 % of the rate of PyTorch, cuBLAS float32 (run b)',
    ])
      expect(made).toContain(`${line}\n`);
    expect(made.match(/^- .*the rate of PyTorch/gm)).toHaveLength(4);
  });

  it('says that no NVIDIA card was measured only while that is so', () => {
    const none = 'No machine with an NVIDIA card has been measured yet.';
    const all = readReports(at(FIXTURES));
    expect(formatBenchmarks(all, '')).not.toContain(none);
    expect(formatBenchmarks(all, '')).toContain('Measured: `h`, above.');
    const soft = all.filter(({ machine }) => machine === 'soft');
    expect(formatBenchmarks(soft, '')).toContain(none);
  });
});

describe('reports', () => {
  const good = read(`${FIXTURES}/h.node.json`);

  it.each([
    ['h.json', good, /^h\.json: its name must be <machine>\.<run>\.json/],
    ['h.node.json', '{', /^h\.node\.json: is not JSON/],
    ['h.node.json', 'null', /^h\.node\.json: is no report/],
    ['h.node.json', good.replace('"schema": 2', '"schema": 1'), /has schema 1, must be 2/],
    ['h.node.json', good.replace('"commit"', '"comit"'), /^h\.node\.json: has no commit/],
  ])('refuses %s with one line that names it', (file, text, message) => {
    expect(() => parseReport(file, text)).toThrow(message);
  });

  it('are repeated by a command that names the case', () => {
    const [card, torch, soft] = readReports(at(FIXTURES)).map(({ report }) => report);
    expect(torch.results.map((result) => commandFor(torch, result))).toEqual([
      'python3 benches/peers/step.py --device cuda --case paper',
      'python3 benches/peers/chains.py --device cuda --case k-gon',
      'python3 benches/peers/matmul.py --device cuda --case matmul/512',
    ]);
    expect(commandFor(torch, { ...torch.results[0], name: 'step' })).toBe(
      'python3 benches/peers/step.py --device cuda --case batch512',
    );
    expect(commandFor(card, card.results[0])).toBe(
      'CUSP_GPU=1 npm run bench -- step/paper --runtime node',
    );
    expect(commandFor(soft, soft.results[0])).toBe('npm run bench -- step --peers --quick');
  });
});
