/** Neurons by the one frequency that each follows: how well, how many to a frequency, and what they do over (a, b). */
import { createFigureFrame } from '../shared/figure-frame';
import { createHeatmap, type Matrix } from '../shared/heatmap';
import type { Maker } from '../shared/made';
import { createMapGrid, type SmallMap } from '../shared/map-grid';
import { roundUp } from '../shared/scales';
import type { Snapshot } from '../shared/session-state';
import { sayCount, sayNumber } from '../shared/words';
import type { History } from './history';
import { keysAt } from './keys';
import { matrixOf } from './matrices';
import { createNeuronCloud, explained, type NeuronCloud } from './neuron-cloud';
import { dominantWave } from './pair-waves';
import type { Section } from './spectra';

export interface Neurons extends Section {
  readonly pair: readonly HTMLElement[];
}

const mostMaps = 6;

export function createNeurons(history: History, maker: Maker): Neurons {
  const common = { maker, storedConfig: () => history.config() };
  const cloud = createFigureFrame({
    ...common,
    name: 'neurons',
    title: 'Each neuron at its frequency, by the share of its variance that explains',
    picture: createNeuronCloud('neurons'),
  });
  const maps = createFigureFrame({
    ...common,
    name: 'neuron-maps',
    title: 'The strongest neuron of each large cluster, over (a, b)',
    picture: createMapGrid({
      id: 'neuron-maps',
      name: 'Activations over (a, b)',
      across: mostMaps / 2,
      places: mostMaps,
    }),
  });
  let reach = 1;
  const inputs = createFigureFrame({
    ...common,
    name: 'neuron-inputs',
    title: 'Input of each neuron, sorted by frequency',
    picture: createHeatmap({
      id: 'neuron-inputs',
      name: 'Input of each neuron by number',
      axes: ['neuron', 'a'],
      map: 'signed',
      high: () => reach,
    }),
  });

  function showCloud(): void {
    const shown = history.pick('neurons');
    const data = cloudOf(shown.snapshot, keysAt(history), history);
    if (data !== null) {
      const many = data.fractions.filter((fraction) => fraction > explained).length;
      const all = data.fractions.length;
      cloud.setTitle(
        `${sayCount(many)} of ${sayCount(all)} neurons follow one frequency (over 85 % of their variance)`,
      );
    }
    cloud.show(shown, data, () =>
      data === null
        ? null
        : {
            columns: ['neuron', 'frequency', 'fve'],
            rows: data.frequencies.map((k, n) => [n, k, data.fractions[n] ?? null]),
          },
    );
  }

  function showMaps(): void {
    const shown = history.pick('neuron_maps');
    const list = Array.from({ length: mostMaps }, (_, index) => matrixOf(shown.snapshot, index));
    const small = list.flatMap((matrix) => (matrix === null ? [] : mapOf(matrix)));
    maps.show(shown, shown.snapshot === null ? null : small, () => listMaps(list));
  }

  function showInputs(): void {
    const shown = history.pick('neuron_inputs');
    const matrix = matrixOf(shown.snapshot, 0);
    const order = matrix === null ? [] : orderOf(history.pick('neurons').snapshot, matrix.rows);
    const sorted = matrix === null ? null : sortRows(matrix, order);
    if (sorted !== null) reach = roundUp(quantile(sorted.data));
    inputs.element.hidden = shown.snapshot === null && history.pick('neurons').snapshot !== null;
    inputs.show(shown, sorted, () =>
      matrix === null
        ? null
        : {
            columns: ['neuron', ...Array.from({ length: matrix.columns }, (_, a) => `a_${a}`)],
            rows: order.map((n) => [
              n,
              ...Array.from(
                { length: matrix.columns },
                (_, a) => matrix.data[n * matrix.columns + a] ?? NaN,
              ),
            ]),
          },
    );
  }

  return {
    elements: [cloud.element],
    pair: [maps.element, inputs.element],
    update() {
      showCloud();
      showMaps();
      showInputs();
    },
  };
}

/** From [2, hidden]: frequencies, then fractions. */
function cloudOf(
  snapshot: Snapshot | null,
  keys: readonly number[],
  history: History,
): NeuronCloud | null {
  if (snapshot === null) return null;
  const hidden = snapshot.data.length / 2;
  return {
    frequencies: Array.from(snapshot.data.subarray(0, hidden), Math.round),
    fractions: [...snapshot.data.subarray(hidden)],
    highest: history.pick('key_frequencies').snapshot?.data.length ?? 0,
    keys,
  };
}

/** A map where something varies; a cluster without neurons has none. */
function mapOf(matrix: Matrix): SmallMap[] {
  const wave = dominantWave(matrix);
  if (wave === null) return [];
  const { frequency, fraction } = wave;
  let high = 0;
  for (let index = 0; index < matrix.data.length; index++) {
    high = Math.max(high, matrix.data[index] ?? 0);
  }
  const caption = `k = ${frequency}, ${Math.round(100 * fraction)} %, max ${sayNumber(Number(high.toPrecision(2)))}`;
  return [{ matrix, range: [0, high], caption }];
}

/** Neurons by frequency, best explained first. */
function orderOf(snapshot: Snapshot | null, count: number): number[] {
  const order = Array.from({ length: count }, (_, n) => n);
  if (snapshot?.data.length !== 2 * count) return order;
  const { data } = snapshot;
  return order.sort(
    (a, b) => (data[a] ?? 0) - (data[b] ?? 0) || (data[count + b] ?? 0) - (data[count + a] ?? 0),
  );
}

function sortRows({ rows, columns, data }: Matrix, order: readonly number[]): Matrix {
  const sorted = new Float32Array(rows * columns);
  order.forEach((from, to) => {
    for (let column = 0; column < columns; column++) {
      sorted[to * columns + column] = data[from * columns + column] ?? 0;
    }
  });
  return { rows, columns, data: sorted };
}

/** All but the outermost hundredth are smaller. */
function quantile(data: ArrayLike<number>): number {
  const sizes = Float32Array.from(data, (value) => Math.abs(value)).sort();
  return sizes[Math.floor(sizes.length * 0.99)] ?? 1;
}

function listMaps(list: readonly (Matrix | null)[]) {
  const known = list.filter((matrix): matrix is Matrix => matrix !== null);
  if (known.length === 0) return null;
  return {
    columns: ['map', 'a', 'b', 'activation'],
    rows: known.flatMap(({ rows, columns, data }, map) =>
      Array.from({ length: rows * columns }, (_, index) => [
        map,
        Math.floor(index / columns),
        index % columns,
        data[index] ?? NaN,
      ]),
    ),
  };
}
