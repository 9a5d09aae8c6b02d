import { expect, it } from 'vitest';
import { compareWithPeers } from '../../benches/step';

const row = (contender: string, median: number) => ({
  contender,
  seconds: { lower: median, median, upper: median },
});

it('compares with the better library on the adapter, for each amount of work, and with the CPU', () => {
  const rows = [
    row('cusp', 0.1),
    row('cusp, all positions', 0.3),
    row('jax-js, all positions', 0.8),
    row('jax-js, last position', 0.4),
    row('jax-js on the CPU (Wasm), last position', 0.05),
    row('tfjs, all positions', 7),
    { contender: 'tfjs, last position', error: 'failed' },
  ];
  expect(compareWithPeers(rows)).toEqual([
    'cusp: 8.00× the rate of jax-js, all positions',
    'cusp: 4.00× the rate of jax-js, last position',
    'cusp: 0.500× the rate of jax-js on the CPU (Wasm), last position',
  ]);
});

it('says nothing without a peer, or without us', () => {
  expect(compareWithPeers([row('cusp', 0.1), row('cusp, all positions', 0.3)])).toEqual([]);
  expect(compareWithPeers([row('jax-js, all positions', 1)])).toEqual([]);
});
