/** BENCHMARKS.md, from the stored reports and the page of what was tried. */
import { formatMachine } from './machine';
import type { Stored } from './read';

/** Markdown. `tried` is docs/benchmarks/tried.md. */
export function formatBenchmarks(stored: readonly Stored[], tried: string): string {
  const machines = [...new Set(stored.map(({ machine }) => machine))];
  return [
    '# Benchmarks',
    '',
    'Made by `npm run benchmarks` from the reports in [docs/benchmarks](docs/benchmarks), which hold every sample. Each contender first showed',
    'that its output is right; then all ran in turns, nine rounds in changing order, at least 50 ms a sample, wall clock from end to end.',
    '`speed` is the rate over that of the first row; `of ceiling` the larger share of what a copy and a loop of multiply-adds reached on the',
    'same adapter in the same run. The command above a table repeats it; add `--json docs/benchmarks/<machine>.<run>.json` to keep it.',
    'How a bench is made: [benches/README.md](benches/README.md).',
    '',
    '## Measured',
    '',
    ...(machines.length === 0 ? ['Nothing yet.', ''] : []),
    ...machines.flatMap((machine) =>
      formatMachine(stored.filter((one) => one.machine === machine)),
    ),
    ...formatNvidia(stored),
    tried.trim(),
    '',
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

const NVIDIA_COMMANDS = `
    CUSP_GPU=1 npm run bench -- step,matmul --peers --json docs/benchmarks/<card>.chrome.json
    CUSP_GPU=1 npm run bench -- step,matmul,llc,chains,chip-training --runtime node --json docs/benchmarks/<card>.node.json
    python3 benches/peers/step.py --device cuda --json docs/benchmarks/<card>.pytorch-step.json
    python3 benches/peers/chains.py --device cuda --json docs/benchmarks/<card>.pytorch-chains.json
    python3 benches/peers/matmul.py --device cuda --json docs/benchmarks/<card>.pytorch-matmul.json
    npm run benchmarks
`;

function formatNvidia(stored: readonly Stored[]): string[] {
  const cards = stored.filter(({ report }) => report.environment.vendor === 'nvidia');
  const machines = [...new Set(cards.map(({ machine }) => machine))];
  const found =
    machines.length === 0
      ? 'No machine with an NVIDIA card has been measured yet.'
      : `Measured: ${machines.map((machine) => `\`${machine}\``).join(', ')}, above.`;
  return [
    '## On an NVIDIA card',
    '',
    `${found} These commands measure one, with PyTorch doing the same work on it; reports whose names`,
    'begin alike share a section, so that PyTorch stands in the tables beside Cusp. Each ends by itself, says on stderr how far it is, and',
    'keeps its report after every bench. CUSP_GPU=1 refuses a software adapter. The PyTorch commands need Python 3.9 and PyTorch 2 with',
    'CUDA, and neither Node nor a build; the second command needs no browser.',
    NVIDIA_COMMANDS,
  ];
}
