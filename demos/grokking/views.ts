/** The pictures of this page: spectrum, circles, margins and attention, each at the step of the time cursor. */
import { make } from '../shared/dom';
import { createPlanes, createSpectrum } from '../shared/embedding';
import { valueAt } from '../shared/fields';
import { createFrame, type Shown } from '../shared/frame';
import type { Embedding } from '../shared/fourier';
import { createHeatmap, type Matrix } from '../shared/heatmap';
import { rowAt } from '../shared/series';
import type { Session } from '../shared/session';
import type { Snapshot } from '../shared/session-state';
import type { Signal } from '../shared/signal';
import type { StoredRun } from '../shared/stored';

export interface Views {
  readonly fourier: readonly HTMLElement[];
  readonly maps: readonly HTMLElement[];
  /** Which views a configuration has. */
  namesFor(config: object): string[];
  setStored(stored: StoredRun | null): void;
  update(): void;
}

const mostHeads = 4;

export function createViews(session: Session, cursor: Signal<number | null>): Views {
  const spectrum = createFrame(
    'Norm of each frequency k in the embedding',
    createSpectrum('spectrum'),
  );
  const circles = createFrame('The numbers in the planes of the strongest', createPlanes('planes'));
  let margin = 5;
  const logits = createFrame(
    'Margin of the right answer, by sum',
    createHeatmap({
      id: 'logits',
      name: 'Margin of the right answer',
      axes: ['a', 'b'],
      map: 'signed',
      high: () => margin,
    }),
  );
  const turned = createFrame(
    'The same by sum and difference',
    createHeatmap({
      id: 'turned',
      name: 'Margin of the right answer by sum and difference',
      axes: ['a + b mod p', 'a − b mod p'],
      map: 'signed',
      high: () => margin,
    }),
  );
  const heads = Array.from({ length: mostHeads }, (_, head) =>
    createHeatmap({
      id: `attention-${head}`,
      name: `Attention of head ${head + 1} from “=” to a`,
      axes: [`a · head ${head + 1}`, 'b'],
      map: 'sequential',
      high: () => 1,
    }),
  );
  const attention = createFrame('Attention from “=” to the first number', {
    element: make('div', { class: 'heads' }, ...heads.map((head) => head.element)),
    update: () => undefined,
  });
  attention.element.classList.add('wide');
  let stored: StoredRun | null = null;

  /** The snapshot at the cursor, else the latest; before a run the stored one. */
  function pick(name: string): Shown {
    const list = session.state.views.get(name) ?? [];
    const at = cursor.get();
    const row =
      at === null
        ? list.length - 1
        : rowAt(
            list.map(({ step }) => step),
            at,
          );
    const own = session.state.step > 0 ? (list[Math.max(0, row)] ?? null) : null;
    if (own !== null) return { snapshot: own, old: false };
    const before = stored?.views.get(name) ?? null;
    return before === null
      ? { snapshot: list[0] ?? null, old: false }
      : { snapshot: before, old: true };
  }

  function update(): void {
    const embedding = pick('embedding');
    const config = embedding.old ? stored?.config : session.state.config;
    const seen = embeddingOf(embedding.snapshot, Number(valueAt(config, 'data.modulus')));
    for (const view of [spectrum, circles]) {
      view.picture.update(seen);
      view.say(embedding);
    }
    const map = pick('logits');
    if (map.snapshot !== null) margin = Math.max(margin, reach(map.snapshot.data));
    logits.picture.update(matrixOf(map.snapshot, 0));
    logits.say(map);
    turned.picture.update(bySumAndDifference(matrixOf(map.snapshot, 0)));
    turned.say(map);
    const pattern = pick('attention');
    attention.element.hidden = valueAt(session.state.config, 'network.kind') !== 'transformer';
    heads.forEach((head, index) => {
      head.element.hidden = pattern.snapshot !== null && index >= (pattern.snapshot.shape[0] ?? 0);
      head.update(matrixOf(pattern.snapshot, index));
    });
    attention.say(pattern);
  }

  cursor.watch(update);
  return {
    fourier: [spectrum.element, circles.element],
    maps: [logits.element, turned.element, attention.element],
    namesFor: (config) =>
      valueAt(config, 'network.kind') === 'transformer'
        ? ['embedding', 'logits', 'attention']
        : ['embedding', 'logits'],
    setStored(next) {
      stored = next;
    },
    update,
  };
}

function embeddingOf(snapshot: Snapshot | null, modulus: number): Embedding | null {
  const [tokens, width] = snapshot?.shape ?? [];
  if (snapshot === null || tokens === undefined || width === undefined) return null;
  return { count: Math.min(tokens, modulus || tokens), width, data: snapshot.data };
}

/** Slice `index` of the leading axes of a snapshot as a matrix. */
function matrixOf(snapshot: Snapshot | null, index: number): Matrix | null {
  if (snapshot === null || snapshot.shape.length < 2) return null;
  const [rows, columns] = snapshot.shape.slice(-2) as [number, number];
  const size = rows * columns;
  const data = snapshot.data.subarray(index * size, (index + 1) * size);
  return data.length === size ? { rows, columns, data } : null;
}

/** The cells of a p × p map over (a, b) moved to row a + b, column a − b (mod p); one to one for odd p. */
function bySumAndDifference(matrix: Matrix | null): Matrix | null {
  if (matrix === null || matrix.rows !== matrix.columns || matrix.rows % 2 === 0) return null;
  const { rows: p, data } = matrix;
  const moved = new Float32Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      moved[((a + b) % p) * p + ((a - b + p) % p)] = data[a * p + b] ?? 0;
    }
  }
  return { rows: p, columns: p, data: moved };
}

/** One digit and zeros: a range that holds all but the outermost hundredth of the cells. */
function reach(data: Float32Array): number {
  const sizes = Float32Array.from(data, (value) => Math.abs(value))
    .filter((value) => Number.isFinite(value))
    .sort();
  const size = sizes[Math.floor(sizes.length * 0.99)] ?? 1;
  const power = 10 ** Math.floor(Math.log10(Math.max(size, 1e-6)));
  return power * Math.ceil(size / power);
}
