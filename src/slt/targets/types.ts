/**
 * A target: a loss landscape with the points w* whose learning coefficient is asked for, and all that is known of it: how to
 * trace it, what it is on the chip, its exact answers.
 */
import type { ChipTarget } from '../../chip/types';
import type { Values } from '../../graph/program';
import type { Graph, Node } from '../../graph/types';

export interface Target {
  /** In words, for people: "x²y² at (0, 0)". */
  readonly description: string;
  readonly points: readonly TargetPoint[];
  /** n; null for a population loss. */
  readonly samples: number | null;
  /** Traces the loss; parameters are declared by their names in `TargetPoint.values`. */
  trace(graph: Graph): TracedTarget;
  /** Loss and gradient by parameter at a point in float64, where a formula has them; else they come of the graph. */
  derivatives?(point: number): {
    readonly loss: number;
    readonly gradient: Readonly<Record<string, Float64Array>>;
  };
  /** Values of the data leaves that `trace` declares. */
  readonly data: Readonly<Record<string, Values>>;
  /** Data that differs between points, [A, …]: leaves that `trace` declares replicated where there are several points. */
  readonly perPoint?: Readonly<Record<string, Float32Array>>;
  /** The kernels' form of it, null where the chip has none; `chainReason` says why. A linear network may have a truth a point. */
  readonly chain: ChipTarget | null;
  readonly chainReason: string;
  /** Learning coefficient and multiplicity of a point, null where theory has no answer. */
  theory(point: number): Theory | null;
  /** nβ·E[L − L(w*)] under the sampled density, null where it is not known in closed form or by quadrature. */
  thermal(point: number, at: ThermalSetting): number | null;
  /** Largest stable step of plain SGLD at curvature nβ·h + γ < 4/ε is checked where the curvature is known. */
  readonly largestCurvature?: number;
}

export interface Theory {
  readonly lambda: number;
  readonly multiplicity: number;
}

export interface ThermalSetting {
  readonly method: string;
  readonly nbeta: number;
  readonly localization: number;
  readonly lr: number;
  readonly noiseLevel: number;
  readonly weightDecay: number;
}

export interface TargetPoint {
  readonly label: string;
  /** Training step of a checkpoint; null for other points. */
  readonly step: number | null;
  /** w*, row-major, by parameter name. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** L(w*) in float64; null where it has to be measured. */
  readonly baseline: number | null;
  /** Loss of the training that came by here, where it is another than the sampled one. */
  readonly trainingLoss?: number;
  /** Elements held at w* whatever the mask says: indices by parameter name. */
  readonly frozen?: Readonly<Record<string, readonly number[]>>;
}

export interface TracedTarget {
  /** Mean loss on everything, scalar. */
  readonly loss: Node;
  /** Losses of the samples in `rows` (u32 [B]), or of all: [B] or [n]. Null for a population loss. */
  readonly sampleLosses: ((rows: Node | null) => Node) | null;
  /** What is differentiated in place of the loss, where noise is added to the gradient on purpose. */
  readonly noisy?: Node;
}
