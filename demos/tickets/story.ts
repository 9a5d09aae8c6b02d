/** A run as this page shows it, alive or stored: the same questions of both. */
import type { ParameterPlace } from '../../src/graph/layout';
import type { Columns } from '../shared/series';
import { seriesOf } from '../shared/staged-columns';
import type { Entrant } from './entrants';

export type Place = Pick<ParameterPlace, 'name' | 'shape' | 'offset' | 'size'>;

/** [neurons, frequencies] of W_in·E, at a step of the network's own. */
export interface Spectrum {
  readonly step: number;
  readonly neurons: number;
  readonly frequencies: number;
  readonly data: ArrayLike<number>;
}

export interface Story {
  /** The experiment's. */
  readonly config: object;
  readonly entrants: readonly Entrant[];
  /** A column per metric and network. */
  readonly columns: Columns;
  /** Where the tensors lie; empty until the base is trained. */
  readonly places: readonly Place[];
  /** Weights of the base at a kept step, [P]. */
  weights(step: number): ArrayLike<number> | null;
  /** 0/1, [P]; null until it is drawn, and for networks left whole. */
  mask(entry: number): ArrayLike<number> | null;
  /** Of a network that sent one; that of a base which was taken over comes from its weights, see spectrum.ts. */
  spectrum(entry: number): Spectrum | null;
  /** Share of all weights that the mask keeps; null until known. */
  left(entry: number): number | null;
  llc(entry: number): { readonly mean: number; readonly error: number } | null;
  /** From a file. */
  readonly stored: boolean;
}

/** Before there is anything. */
export function blankStory(config: object, entrants: readonly Entrant[]): Story {
  return {
    config,
    entrants,
    columns: { steps: [], values: new Map() },
    places: [],
    weights: () => null,
    mask: () => null,
    spectrum: () => null,
    left: () => null,
    llc: () => null,
    stored: false,
  };
}

export interface Standing {
  readonly entrant: Entrant;
  /** First measured steps at which test accuracy reached 50, 95 and 99 %; null where it did not. */
  readonly reached: readonly (number | null)[];
  /** Last measured; null before the first row. */
  readonly accuracy: number | null;
  /** Steps taken. */
  readonly taken: number;
  /** Share of all weights that the mask keeps; null until known. */
  readonly left: number | null;
  /** Shannon entropy of the spectra of W_in·E, last measured. */
  readonly entropy: number | null;
  readonly llc: ReturnType<Story['llc']>;
}

export const shares = [0.5, 0.95, 0.99] as const;

export function standingOf(story: Story, entrant: Entrant): Standing {
  const { entry } = entrant;
  const { steps, values } = seriesOf(story.columns, 'test_accuracy', entry);
  return {
    entrant,
    reached: shares.map((share) => {
      const at = values.findIndex((value) => value >= share);
      return at < 0 ? null : (steps[at] ?? null);
    }),
    accuracy: values.at(-1) ?? null,
    taken: steps.at(-1) ?? 0,
    left: story.left(entry),
    entropy: seriesOf(story.columns, 'entropy_in', entry).values.at(-1) ?? null,
    llc: story.llc(entry),
  };
}
