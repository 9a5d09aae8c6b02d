/** The logits as waves: their coefficients, what each is worth in loss, and the two-dimensional spectra behind them. */
import { createBars } from '../shared/bars';
import { createFigureFrame } from '../shared/figure-frame';
import { createFrequencyLines, type FrequencyHistory } from '../shared/frequency-lines';
import { createHeatmap, type MapTick, type Matrix } from '../shared/heatmap';
import type { Maker } from '../shared/made';
import { cellsOf, type NumberTable } from '../shared/numbers';
import { roundUp } from '../shared/scales';
import type { Snapshot } from '../shared/session-state';
import type { Signal } from '../shared/signal';
import { sayNumber, sayShare } from '../shared/words';
import type { History } from './history';
import { keysAt, lastKeys } from './keys';
import { matrixOf } from './matrices';
import type { Section } from './spectra';

export interface Waves extends Section {
  /** The two spectra over (a, b), beside each other. */
  readonly pair: readonly HTMLElement[];
}

export function createWaves(history: History, cursor: Signal<number | null>, maker: Maker): Waves {
  const common = { maker, storedConfig: () => history.config() };
  const coefficients = createFigureFrame({
    ...common,
    name: 'logit-coefficients',
    title: 'Coefficient of each wave cos(w(a + b − c)) in the logits',
    picture: createBars({
      id: 'coefficients',
      name: 'Coefficients of the logits on cos(w(a + b − c))',
      least: 1,
      height: 148,
    }),
  });
  const excluded = createFigureFrame({
    ...common,
    name: 'excluded-by-frequency',
    title: 'Train loss without one frequency',
    picture: createFrequencyLines(
      { id: 'excluded', name: 'Train loss without one frequency', floor: 1e-7, height: 220 },
      cursor,
    ),
  });
  const logits = createSpectrumMap('logit', 'logits');
  const neurons = createSpectrumMap('neuron', 'neurons');

  function createSpectrumMap(what: 'logit' | 'neuron', name: string) {
    let high = 1;
    let ticks: readonly MapTick[] = [];
    const frame = createFigureFrame({
      ...common,
      name: `${what}-spectrum`,
      title: `Spectrum of the ${name} over (a, b)`,
      picture: createHeatmap({
        id: `${what}-spectrum`,
        name: `Two-dimensional spectrum of the ${name}`,
        axes: ['waves of a', 'waves of b'],
        map: 'sequential',
        high: () => high,
        ticks: () => ticks,
      }),
    });
    return {
      frame,
      update(): void {
        const shown = history.pick(`${what}_spectrum`);
        const matrix = withoutConstant(matrixOf(shown.snapshot, 0));
        if (matrix !== null) high = roundUp(largest(matrix.data));
        // A frequency is two waves, cosine then sine, behind the constant.
        ticks = keysAt(history).map((k) => ({ at: 2 * k, text: String(k) }));
        frame.show(shown, matrix, () => listWaves(matrix));
      },
    };
  }

  function showCoefficients(): void {
    const shown = history.pick('logit_coefficients');
    const values = shown.snapshot?.data ?? null;
    const cosines = history.pick('logit_cosines').snapshot?.data;
    const marked = keysAt(history);
    const share = history.value('logit_fve');
    coefficients.setTitle(
      share === null
        ? 'Coefficient of each wave cos(w(a + b − c)) in the logits'
        : `Key waves cos(w(a + b − c)) explain ${sayShare(share)} of the logits`,
    );
    coefficients.show(shown, values === null ? null : { values, marked }, () =>
      values === null
        ? null
        : {
            columns: ['frequency', 'coefficient', 'cosine', 'key'],
            rows: [...values].map((value, k) => [
              k + 1,
              value,
              cosines?.[k] ?? null,
              marked.includes(k + 1) ? 1 : 0,
            ]),
          },
    );
  }

  function showExcluded(): void {
    const list = history.all('excluded_by_frequency');
    const shown = history.pick('excluded_by_frequency');
    const marked = lastKeys(history);
    const data: FrequencyHistory | null =
      list.length === 0
        ? null
        : {
            steps: list.map(({ step }) => step),
            values: list.map((one) => one.data),
            marked,
            last: Math.max(1, list.at(-1)?.step ?? 1, history.columns().columns.steps.at(-1) ?? 1),
            old: shown.old,
          };
    excluded.setTitle(sayDearest(shown.snapshot, marked));
    excluded.show(shown, data, () => listHistory(list));
  }

  return {
    elements: [coefficients.element, excluded.element],
    pair: [logits.frame.element, neurons.frame.element],
    update() {
      showCoefficients();
      showExcluded();
      logits.update();
      neurons.update();
    },
  };
}

/** Which frequency alone the network would miss most. */
function sayDearest(snapshot: Snapshot | null, marked: readonly number[]): string {
  const plain = 'Train loss without one frequency';
  if (snapshot === null || marked.length === 0 || snapshot.step === 0) return plain;
  const losses = [...snapshot.data];
  const most = Math.max(...losses);
  return `Without frequency ${losses.indexOf(most) + 1} alone the train loss is ${sayNumber(most)}`;
}

/** The constant wave times itself is the mean, which says nothing of the pattern and outshines it. */
function withoutConstant(matrix: Matrix | null): Matrix | null {
  if (matrix === null) return null;
  const data = Float32Array.from(matrix.data);
  data[0] = 0;
  return { ...matrix, data };
}

function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let index = 0; index < data.length; index++) most = Math.max(most, data[index] ?? 0);
  return most;
}

/** Wave 0 is the constant, 2k − 1 and 2k are cosine and sine of frequency k. */
function listWaves(matrix: Matrix | null): NumberTable | null {
  if (matrix === null) return null;
  const { rows, columns, data } = matrix;
  return { columns: ['wave_a', 'wave_b', 'norm'], rows: cellsOf(rows, columns, data) };
}

function listHistory(list: readonly Snapshot[]): NumberTable | null {
  const count = list[0]?.data.length ?? 0;
  if (count === 0) return null;
  return {
    columns: ['step', ...Array.from({ length: count }, (_, k) => `frequency_${k + 1}`)],
    rows: list.map(({ step, data }) => [step, ...data]),
  };
}
