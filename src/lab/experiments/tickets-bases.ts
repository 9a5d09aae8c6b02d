/**
 * The runs that tickets are drawn from, without their variants. Network and data are those of Grokking Tickets (Minegishi et al.,
 * 2310.19470): p = 67, 40 % of the unordered pairs, embedding 500, 48 hidden units. `quick` trains it at three times the paper's learning
 * rate; `demo` is a smaller table.
 */

const tickets = { schema: 1, experiment: 'tickets' } as const;
const data = { modulus: 67, fraction: 0.4, pairs: 'unordered' } as const;
const network = { kind: 'mlp', width: 500, hidden: 48 } as const;

const common = { ...tickets, data } as const;
const atQuick = { ...common, network, optimizer: { lr: 0.003 } } as const;
const atPaper = { ...common, network, optimizer: { lr: 0.001 }, evaluateEvery: 100 } as const;

export const bases = {
  demo: {
    ...tickets,
    data: { modulus: 53, fraction: 0.5, pairs: 'unordered' },
    network: { kind: 'mlp', width: 256, hidden: 48 },
    optimizer: { lr: 0.003 },
    base: { steps: 3000, keepEvery: 250 },
    steps: 600,
    evaluateEvery: 25,
  },
  quick: { ...atQuick, base: { steps: 8500, keepEvery: 500 }, steps: 800 },
  paper: { ...atPaper, base: { steps: 30_000, keepEvery: 2000 }, steps: 10_000 },
} as const;
