/**
 * λ̂ from point to point: over the training steps of a run, with the run's own test loss above it, or over the points w*
 * of a target that has several. A point is chosen by click or arrow keys, and its chains are shown.
 */
import type { LlcGroup, LlcResults } from '../../src/lab/experiments/llc-results';
import { draw, make } from '../shared/dom';
import { linearRange, linearTicks, logRange, logTicks } from '../shared/scales';
import { lineOf, type Columns } from '../shared/series';
import { coalesce, type Signal } from '../shared/signal';
import { sayCount, sayNumber, sayPower } from '../shared/words';
import { meanOf, sayEstimate, sayLambda } from './words';

export interface Journey {
  readonly element: HTMLElement;
  /** `loss` are the columns of the run that was sampled. */
  update(results: LlcResults | null, loss: Columns | null): void;
}

const [left, right, top] = [46, 84, 10];
const [lossHeight, gap, height] = [88, 22, 210];

export function createJourney(chosen: Signal<number>): Journey {
  const title = make('p', { class: 'chart-title', id: 'journey-title' });
  const readout = make('p', { class: 'readout', id: 'journey-readout' });
  const svg = draw('svg', { class: 'journey', width: '100%' });
  const host = make('div', {
    class: 'plot',
    role: 'slider',
    tabindex: 0,
    'aria-labelledby': 'journey-title',
    'aria-valuemin': 0,
    'aria-valuenow': 0,
  });
  host.append(svg);
  const element = make('div', { class: 'journey-box', id: 'journey' }, title, readout, host);
  let points: readonly LlcGroup[] = [];
  let loss: Columns | null = null;
  let theory: LlcResults['theory'] = null;

  const paint = coalesce(() => {
    const width = host.clientWidth;
    element.hidden = points.length < 2;
    if (width === 0 || points.length < 2) return;
    const withLoss = loss !== null && points.every(({ step }) => step !== null);
    const base = withLoss ? top + lossHeight + gap : top;
    svg.setAttribute('height', String(base + height + 28));
    svg.replaceChildren();
    const last = Math.max(...points.map(({ step }, index) => step ?? index), 1);
    const x = (group: LlcGroup, index: number): number =>
      left + ((width - left - right) * (group.step ?? index)) / last;
    if (withLoss && loss !== null) paintLoss(width, last, loss);
    paintPoints(width, base, x);
    paintAxis(width, base + height, last);
    say();
  });

  function paintLoss(width: number, last: number, columns: Columns): void {
    for (const [metric, name] of [
      ['train_loss', 'train'],
      ['test_loss', 'test'],
    ] as const) {
      const { middle } = lineOf(columns, metric);
      const [low, high] = logRange(lineOf(columns, 'test_loss').middle, 1e-6);
      const y = (value: number): number =>
        top + lossHeight * (1 - Math.log(Math.max(value, low) / low) / Math.log(high / low));
      if (name === 'test') {
        for (const tick of logTicks(low, high, 3)) {
          rule(left, width - right, y(tick));
          words(left - 8, y(tick) + 4, sayPower(Math.log10(tick)), 'end');
        }
      }
      const spots = middle.flatMap((value, row) => {
        const step = columns.steps[row] ?? 0;
        if (value === null || step > last) return [];
        return [
          `${left + ((width - left - right) * step) / last},${Math.min(y(value), top + lossHeight)}`,
        ];
      });
      svg.append(draw('polyline', { class: `line-${name}`, points: spots.join(' ') }));
      const end = middle.findLast((value) => value !== null) ?? 1;
      words(
        width - right + 8,
        Math.min(y(end), top + lossHeight) + 4,
        `${name} loss`,
        'start',
        `text-${name}`,
      );
    }
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
    const [low, high] = linearRange([...edges, theory?.lambda ?? null]);
    const y = (value: number): number => base + height * (1 - (value - low) / (high - low));
    for (const tick of linearTicks(low, high, 5)) {
      rule(left, width - right, y(tick));
      words(left - 8, y(tick) + 4, sayNumber(tick), 'end');
    }
    if (theory !== null) {
      const at = y(theory.lambda);
      svg.append(draw('line', { class: 'theory', x1: left, x2: width - right, y1: at, y2: at }));
      words(width - right + 8, at + 4, `λ = ${sayLambda(theory.lambda)}`, 'start');
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
      const mark = draw('g', { class: index === chosen.get() ? 'point chosen' : 'point' });
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

  function paintAxis(width: number, at: number, last: number): void {
    svg.append(draw('line', { class: 'axis-line', x1: left, x2: width - right, y1: at, y2: at }));
    if (points.some(({ step }) => step === null)) return;
    for (const tick of linearTicks(0, last, 6)) {
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
    update(results, columns) {
      points = results?.checkpoints ?? [];
      theory = results?.theory ?? null;
      loss = columns;
      element.hidden = points.length < 2;
      paint();
    },
  };
}

/** The finding: a peak and a fall where there is one. */
function sayJourney(points: readonly LlcGroup[]): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  if (last.step === null) return 'λ̂ at each point w*';
  const peak = points.reduce(
    (best, one) => (meanOf(one.llc) > meanOf(best.llc) ? one : best),
    first,
  );
  const fall = 1 - meanOf(last.llc) / meanOf(peak.llc);
  if (peak === last || !(fall > 0.1)) return 'λ̂ through training';
  return (
    `λ̂ peaks at step ${sayCount(peak.step ?? 0)} and falls by ${Math.round(100 * fall)} % ` +
    `by step ${sayCount(last.step)}`
  );
}
