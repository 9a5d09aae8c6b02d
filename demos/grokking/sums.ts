/** Every sum at once: the margin of the right answer over (a, b) and over (a + b, a − b), and where the transformer looks. */
import { createBars } from '../shared/bars';
import { valueAt } from '../shared/fields';
import { createFigureFrame } from '../shared/figure-frame';
import { createHeatmap, type Matrix } from '../shared/heatmap';
import type { Maker } from '../shared/made';
import { createMapGrid } from '../shared/map-grid';
import { cellsOf } from '../shared/numbers';
import { sayShare } from '../shared/words';
import type { History } from './history';
import { bySumAndDifference, matrixOf } from './matrices';
import type { Section } from './spectra';

const mostHeads = 8;

export function createSums(history: History, maker: Maker): Section {
  const common = { maker, storedConfig: () => history.config() };
  let reach = 5;
  const map = (id: string, name: string, axes: readonly [string, string]) =>
    createHeatmap({ id, name, axes, map: 'signed', high: () => reach });
  const margins = createFigureFrame({
    ...common,
    name: 'margins',
    title: 'Margin of the right answer, by pair',
    picture: map('logits', 'Margin of the right answer', ['a', 'b']),
  });
  const turned = createFigureFrame({
    ...common,
    name: 'margins-turned',
    title: 'The same by sum and difference',
    picture: map('turned', 'Margin of the right answer by sum and difference', [
      'a + b mod p',
      'a − b mod p',
    ]),
  });
  const attention = createFigureFrame({
    ...common,
    name: 'attention',
    title: 'Attention from “=” to the first number, a down and b across',
    picture: createMapGrid({ id: 'attention', name: 'Attention to a', across: 4, places: 4 }),
  });
  const spectrum = createFigureFrame({
    ...common,
    name: 'attention-spectrum',
    title: 'Share of each frequency in the variance of the attention to a, all heads',
    picture: createBars({
      id: 'attention-spectrum',
      name: 'Share of the variance of attention, mean over heads',
      least: 0.1,
      height: 132,
    }),
  });
  for (const { element } of [attention, spectrum]) element.classList.add('wide');

  function showMargins(): void {
    const shown = history.pick('logits');
    const matrix = matrixOf(shown.snapshot, 0);
    if (matrix !== null) reach = Math.max(reach, reachOf(matrix.data));
    const right = matrix === null ? null : shareRight(matrix);
    margins.setTitle(
      right === null
        ? 'Margin of the right answer, by pair'
        : `${sayShare(right)} of all sums are right: margin by pair`,
    );
    margins.show(shown, matrix, () => listCells(matrix, ['a', 'b', 'margin']));
    const moved = bySumAndDifference(matrix);
    turned.element.hidden = matrix !== null && moved === null;
    turned.show(shown, moved, () => listCells(moved, ['sum', 'difference', 'margin']));
  }

  function showAttention(): void {
    const transformer = valueAt(history.config(), 'network.kind') === 'transformer';
    attention.element.hidden = spectrum.element.hidden = !transformer;
    if (!transformer) return;
    const shown = history.pick('attention');
    const heads = Math.min(mostHeads, shown.snapshot?.shape[0] ?? 0);
    const matrices = Array.from({ length: heads }, (_, head) => matrixOf(shown.snapshot, head));
    const known = matrices.filter((matrix): matrix is Matrix => matrix !== null);
    attention.show(
      shown,
      known.length === 0
        ? null
        : known.map((matrix, head) => ({
            matrix,
            range: [0, 1] as const,
            caption: `head ${head + 1}; 0 to 1`,
          })),
      () =>
        known.length === 0
          ? null
          : {
              columns: ['head', 'a', 'b', 'attention'],
              rows: known.flatMap(({ rows, columns, data }, head) =>
                [...cellsOf(rows, columns, data)].map((cell) => [head + 1, ...cell]),
              ),
            },
    );
    showSpectrum();
  }

  function showSpectrum(): void {
    const shown = history.pick('attention_spectrum');
    const [heads = 0, count = 0] = shown.snapshot?.shape ?? [];
    const data = shown.snapshot?.data ?? new Float32Array();
    const mean = Float64Array.from({ length: count }, (_, k) => {
      let sum = 0;
      for (let head = 0; head < heads; head++) sum += data[head * count + k] ?? 0;
      return sum / heads;
    });
    const best = Array.from({ length: heads }, (_, head) => {
      const own = [...data.subarray(head * count, (head + 1) * count)];
      return own.indexOf(Math.max(...own)) + 1;
    });
    const marked = [...new Set(best)].sort((a, b) => a - b);
    spectrum.show(shown, count === 0 ? null : { values: mean, marked }, () =>
      count === 0
        ? null
        : {
            columns: ['head', 'frequency', 'fve'],
            rows: [...cellsOf(heads, count, data)].map(([head = 0, k = 0, fve = NaN]) => [
              head + 1,
              k + 1,
              fve,
            ]),
          },
    );
  }

  return {
    elements: [margins.element, turned.element, attention.element, spectrum.element],
    update() {
      showMargins();
      showAttention();
    },
  };
}

function listCells(matrix: Matrix | null, columns: readonly string[]) {
  if (matrix === null) return null;
  return { columns, rows: cellsOf(matrix.rows, matrix.columns, matrix.data) };
}

function shareRight({ data }: Matrix): number {
  let right = 0;
  for (let index = 0; index < data.length; index++) if ((data[index] ?? 0) > 0) right++;
  return right / data.length;
}

/** One digit and zeros: a range that holds all but the outermost hundredth of the cells. */
function reachOf(data: ArrayLike<number>): number {
  const sizes = Float32Array.from(data, (value) => Math.abs(value))
    .filter((value) => Number.isFinite(value))
    .sort();
  const size = sizes[Math.floor(sizes.length * 0.99)] ?? 1;
  const power = 10 ** Math.floor(Math.log10(Math.max(size, 1e-6)));
  return power * Math.ceil(size / power);
}
