/** Embedding, read-out and logits over the same frequencies, one below the other, and the numbers on their circles. */
import { createBars, type Bars } from '../shared/bars';
import { createPlanes, type Planes } from '../shared/embedding';
import { valueAt } from '../shared/fields';
import { createFigureFrame } from '../shared/figure-frame';
import { circleOf, spectrumOf, keyFrequencies, type Embedding } from '../shared/fourier';
import type { Shown } from '../shared/frame';
import type { Maker } from '../shared/made';
import type { NumberTable } from '../shared/numbers';
import type { Snapshot } from '../shared/session-state';
import { sayShare } from '../shared/words';
import type { History } from './history';
import { keysAt, waveNorms } from './keys';

export interface Section {
  readonly elements: readonly HTMLElement[];
  update(): void;
}

const mostPlanes = 6;

export function createSpectra(history: History, maker: Maker): Section {
  const common = { maker, storedConfig: () => history.config() };
  const bars = (id: string, name: string, least: number) =>
    createBars({ id, name, least, height: 132 });
  const embedding = createFigureFrame({
    ...common,
    name: 'embedding-spectrum',
    title: 'Norm of each frequency in the embedding',
    picture: bars('spectrum', 'Fourier norms of the embedding', 1),
  });
  const readout = createFigureFrame({
    ...common,
    name: 'readout-spectrum',
    title: 'Norm of each frequency in the read-out',
    picture: bars('readout-spectrum', 'Fourier norms of the read-out W_L', 1),
  });
  const circles = createFigureFrame({
    ...common,
    name: 'circles',
    title: 'The numbers in the planes of the key frequencies',
    picture: createPlanes('planes', mostPlanes),
  });

  function showNorms(frame: typeof embedding, view: string, what: string): void {
    const shown = history.pick(view);
    const norms =
      shown.snapshot === null ? embeddingNorms(view, shown) : waveNorms(shown.snapshot.data);
    const marked = keysAt(history);
    const data: Bars | null = norms === null ? null : { values: norms, marked };
    frame.setTitle(norms === null ? frameTitle(what) : sayShareOfKeys(norms, marked, what));
    frame.show(shown.snapshot === null ? history.pick('embedding') : shown, data, () =>
      norms === null
        ? null
        : {
            columns: ['frequency', 'norm', 'key'],
            rows: [...norms].map((norm, k) => [k + 1, norm, marked.includes(k + 1) ? 1 : 0]),
          },
    );
    frame.element.hidden = norms === null && view === 'readout_spectrum' && !isMeasured(history);
  }

  /** Where nothing is measured, the spectrum of the embedding comes from the embedding itself. */
  function embeddingNorms(view: string, _: Shown): Float64Array | null {
    if (view !== 'embedding_spectrum') return null;
    const own = embeddingOf(history);
    return own === null ? null : spectrumOf(own);
  }

  function update(): void {
    showNorms(embedding, 'embedding_spectrum', 'embedding');
    showNorms(readout, 'readout_spectrum', 'read-out');
    const shown = history.pick('embedding');
    const own = embeddingOf(history);
    const planes: Planes | null =
      own === null ? null : { embedding: own, frequencies: planeFrequencies(own, keysAt(history)) };
    circles.show(shown, planes, () => (planes === null ? null : listPoints(planes)));
  }

  return { elements: [embedding.element, readout.element, circles.element], update };
}

export function isMeasured(history: History): boolean {
  return history.columns().columns.values.has('restricted_loss');
}

const frameTitle = (what: string): string => `Norm of each frequency in the ${what}`;

function sayShareOfKeys(norms: Float64Array, marked: readonly number[], what: string): string {
  if (marked.length === 0) return frameTitle(what);
  const power = (list: readonly number[]): number => list.reduce((sum, one) => sum + one * one, 0);
  const share = power(marked.map((k) => norms[k - 1] ?? 0)) / power([...norms]);
  return `Key frequencies hold ${sayShare(share)} of the ${what}’s power`;
}

/** The key ones, of many those with the largest norm; where none are known the strongest. In ascending order. */
function planeFrequencies(embedding: Embedding, keys: readonly number[]): number[] {
  const norms = spectrumOf(embedding);
  if (keys.length === 0) return keyFrequencies(norms, mostPlanes);
  return [...keys]
    .sort((a, b) => (norms[b - 1] ?? 0) - (norms[a - 1] ?? 0))
    .slice(0, mostPlanes)
    .sort((a, b) => a - b);
}

function listPoints({ embedding, frequencies }: Planes): NumberTable {
  return {
    columns: ['frequency', 'token', 'x', 'y'],
    rows: frequencies.flatMap((frequency) =>
      circleOf(embedding, frequency).map(({ x, y }, token) => [frequency, token, x, y]),
    ),
  };
}

function embeddingOf(history: History): Embedding | null {
  const { snapshot } = history.pick('embedding');
  const modulus = Number(valueAt(history.config(), 'data.modulus'));
  return tokensOf(snapshot, modulus);
}

function tokensOf(snapshot: Snapshot | null, modulus: number): Embedding | null {
  const [tokens, width] = snapshot?.shape ?? [];
  if (snapshot === null || tokens === undefined || width === undefined) return null;
  return { count: Math.min(tokens, modulus || tokens), width, data: snapshot.data };
}
