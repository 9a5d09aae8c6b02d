/**
 * λ̂ from point to point: over the training steps of a run, with the run's own test loss above it, or over the points w*
 * of a target that has several. A point is chosen by click or arrow keys, and its chains are shown.
 */
import type { LlcGroup, LlcResults } from '../../src/lab/experiments/llc-results';
import { worstSeverity } from '../../src/slt/estimate/verdict';
import { draw, make } from '../shared/dom';
import { linearTicks, logRange, logTicks } from '../shared/scales';
import { lineOf, type Columns } from '../shared/series';
import { coalesce, type Signal } from '../shared/signal';
import { sayCount, sayNumber } from '../shared/words';
import { closeRange, sayJourney, sayTick } from './journey-words';
import { meanOf, sayEstimate, sayLambda } from './words';

export interface JourneyState {
  readonly results: LlcResults | null;
  /** Columns of the run that was sampled, where they are here. */
  readonly loss: Columns | null;
  /** A stored run is drawn in grey. */
  readonly old: boolean;
}

export interface Journey {
  readonly element: HTMLElement;
  update(state: JourneyState): void;
}

interface LossLine {
  readonly name: 'train' | 'test';
  readonly label: string;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

const [left, right, top] = [46, 84, 10];
const [lossHeight, gap, height] = [84, 22, 200];

export function createJourney(id: string, chosen: Signal<number>): Journey {
  const title = make('p', { class: 'chart-title', id: `${id}-title` });
  const readout = make('p', { class: 'readout', id: `${id}-readout` });
  const svg = draw('svg', { class: 'journey', width: '100%' });
  const host = make('div', {
    class: 'plot',
    role: 'slider',
    tabindex: 0,
    'aria-labelledby': `${id}-title`,
    'aria-valuemin': 0,
    'aria-valuenow': 0,
  });
  host.append(svg);
  const element = make('div', { class: 'journey-box', id }, title, readout, host);
  let points: readonly LlcGroup[] = [];
  let loss: Columns | null = null;

  const paint = coalesce(() => {
    const width = host.clientWidth;
    if (width === 0 || points.length < 2) return;
    const above = lossLines();
    const base = above.length > 0 ? top + lossHeight + gap : top;
    svg.setAttribute('height', String(base + height + 28));
    svg.replaceChildren();
    const last = Math.max(...points.map(({ step }, index) => step ?? index), 1);
    const x = (group: LlcGroup, index: number): number =>
      left + ((width - left - right) * (group.step ?? index)) / last;
    if (above.length > 0) paintLoss(width, last, above);
    paintPoints(width, base, x);
    paintAxis(width, base + height, last);
    say();
  });

  /** The losses of the training above λ̂, on a log axis. */
  function paintLoss(width: number, last: number, lines: readonly LossLine[]): void {
    const [low, high] = logRange(
      lines.flatMap(({ values }) => values),
      1e-6,
    );
    const y = (value: number): number =>
      top + lossHeight * (1 - Math.log(Math.max(value, low) / low) / Math.log(high / low));
    for (const tick of logTicks(low, high, 3)) {
      rule(left, width - right, y(tick));
      words(left - 8, y(tick) + 4, sayTick(tick), 'end');
    }
    for (const { name, label, steps, values } of lines) {
      const spots = values.flatMap((value, row) => {
        const step = steps[row] ?? 0;
        if (value === null || step > last) return [];
        return [`${left + ((width - left - right) * step) / last},${y(value)}`];
      });
      svg.append(draw('polyline', { class: `line-${name}`, points: spots.join(' ') }));
      const end = values.findLast((value) => value !== null) ?? low;
      words(width - right + 8, y(end) + 4, label, 'start', `text-${name}`);
    }
  }

  /** Of the run that was sampled if its curves are here, else at the points themselves. */
  function lossLines(): LossLine[] {
    if (loss !== null && points.every(({ step }) => step !== null)) {
      return (['train', 'test'] as const).map((name) => ({
        name,
        label: `${name} loss`,
        steps: loss?.steps ?? [],
        values: loss === null ? [] : lineOf(loss, `${name}_loss`).middle,
      }));
    }
    if (points.some(({ trainingLoss, step }) => trainingLoss === null || step === null)) return [];
    const steps = points.map(({ step }) => step ?? 0);
    return [
      {
        name: 'train',
        label: 'loss',
        steps,
        values: points.map(({ trainingLoss }) => trainingLoss),
      },
    ];
  }

  function paintPoints(
    width: number,
    base: number,
    x: (group: LlcGroup, index: number) => number,
  ): void {
    const edges = points.flatMap(({ llc }) => [
      meanOf(llc) - (llc.standardError ?? 0),
      meanOf(llc) + (llc.standardError ?? 0),
    ]);
    const [low, high] = closeRange([
      ...edges,
      ...points.map(({ theory }) => theory?.lambda ?? null),
    ]);
    const y = (value: number): number => base + height * (1 - (value - low) / (high - low));
    for (const tick of linearTicks(low, high, 5)) {
      rule(left, width - right, y(tick));
      words(left - 8, y(tick) + 4, sayNumber(tick), 'end');
    }
    const known = points.flatMap((group, index) =>
      group.theory === null ? [] : [{ at: x(group, index), lambda: group.theory.lambda }],
    );
    const end = known.at(-1);
    if (end !== undefined) {
      // λ of a saddle holds until the next one.
      const path = known
        .map(
          ({ at, lambda }, index) =>
            `${at},${y(known[index - 1]?.lambda ?? lambda)} ${at},${y(lambda)}`,
        )
        .join(' ');
      svg.append(draw('polyline', { class: 'theory', points: path }));
      words(width - right + 8, y(end.lambda) - 6, `λ = ${sayLambda(end.lambda)}`, 'start');
    }
    const band = (sign: number): string[] =>
      points.flatMap((group, index) => {
        const at = meanOf(group.llc) + sign * (group.llc.standardError ?? 0);
        return Number.isFinite(at) ? [`${x(group, index)},${y(at)}`] : [];
      });
    const ordered = points.every(({ step }) => step !== null);
    if (ordered) {
      svg.append(
        draw('polygon', {
          class: 'band-lambda',
          points: [...band(1), ...band(-1).reverse()].join(' '),
        }),
        draw('polyline', { class: 'line-lambda', points: band(0).join(' ') }),
      );
    }
    points.forEach((group, index) => {
      const { standardError } = group.llc;
      const mean = meanOf(group.llc);
      if (!Number.isFinite(mean)) return;
      const at = x(group, index);
      const mark = draw('g', { class: pointClass(group, index) });
      if (!ordered && standardError !== null) {
        mark.append(
          draw('line', {
            x1: at,
            x2: at,
            y1: y(mean - standardError),
            y2: y(mean + standardError),
          }),
        );
        words(at, base + height + 18, group.label, 'middle');
      }
      mark.append(draw('circle', { cx: at, cy: y(mean), r: index === chosen.get() ? 5 : 2.5 }));
      const hit = draw('rect', { class: 'hit', x: at - 8, y: base, width: 16, height });
      hit.addEventListener('click', () => chosen.set(index));
      svg.append(mark, hit);
    });
    const final = points.at(-1);
    if (final !== undefined && Number.isFinite(meanOf(final.llc)))
      words(width - right + 8, y(meanOf(final.llc)) + 4, 'λ̂', 'start', 'text-lambda');
  }

  function pointClass({ verdicts }: LlcGroup, index: number): string {
    const poor = worstSeverity(verdicts) === 'bad' ? ' poor' : '';
    return `point${poor}${index === chosen.get() ? ' chosen' : ''}`;
  }

  function paintAxis(width: number, at: number, last: number): void {
    svg.append(draw('line', { class: 'axis-line', x1: left, x2: width - right, y1: at, y2: at }));
    if (points.some(({ step }) => step === null)) return;
    for (const tick of linearTicks(0, last, width < 480 ? 3 : 6)) {
      words(left + ((width - left - right) * tick) / last, at + 18, sayCount(tick), 'middle');
    }
  }

  function rule(from: number, to: number, at: number): void {
    svg.append(draw('line', { class: 'grid-line', x1: from, x2: to, y1: at, y2: at }));
  }
  function words(x: number, y: number, text: string, anchor: string, more = 'text-norm'): void {
    svg.append(draw('text', { class: more, x, y, 'text-anchor': anchor }, text));
  }

  function say(): void {
    const group = points[chosen.get()];
    const where =
      group === undefined ? '' : group.step === null ? group.label : `step ${sayCount(group.step)}`;
    readout.textContent = group === undefined ? '' : `${where}: ${sayEstimate(group)}`;
    title.textContent = sayJourney(points);
    host.setAttribute('aria-valuemax', String(points.length - 1));
    host.setAttribute('aria-valuenow', String(chosen.get()));
    host.setAttribute('aria-valuetext', readout.textContent);
  }

  host.addEventListener('keydown', (event) => {
    const { key } = event;
    const by = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    chosen.set(Math.max(0, Math.min(points.length - 1, chosen.get() + by)));
  });
  chosen.watch(paint);
  new ResizeObserver(paint).observe(host);
  return {
    element,
    update(state) {
      points = state.results?.checkpoints ?? [];
      loss = state.loss;
      svg.classList.toggle('stored', state.old);
      paint();
    },
  };
}
