/**
 * The grid of a sweep as a map to click into: ε down, γ across, a small table per nβ (and point w*). Where the truth is
 * known a cell is λ̂ over it, on a diverging map around 1; else λ̂ itself.
 */
import type { LlcGroup, LlcResults } from '../../src/lab/experiments/llc-results';
import { worstSeverity } from '../../src/slt/estimate/verdict';
import { css, sequential, signed } from '../shared/colours';
import { draw, make } from '../shared/dom';
import { roundUp } from '../shared/scales';
import type { Signal } from '../shared/signal';
import { theme } from '../shared/theme';
import { sayNumber } from '../shared/words';
import type { Setting } from './setting';
import { meanOf, sayEstimate, sayGroup, sayNbeta } from './words';

export interface Sweep {
  readonly element: HTMLElement;
  /** `example` is a stored sweep, shown while there is none of this run. */
  update(setting: Setting, example: LlcResults | null): void;
}

interface Cell {
  readonly group: LlcGroup;
  readonly index: number;
  /** λ̂ over what it should be, or λ̂. */
  readonly value: number;
  readonly share: number;
  readonly healthy: boolean;
}

/** Printed with the map: from half to twice the truth, evenly in ratios. */
const octaves = 1;

export function createSweep(chosen: Signal<number>): Sweep {
  const title = make('p', { class: 'chart-title', id: 'sweep-title' });
  const maps = make('div', { class: 'maps', role: 'group', 'aria-labelledby': 'sweep-title' });
  const key = make('div', { class: 'key' });
  const note = make('p', { class: 'fine' });
  const element = make('div', { class: 'sweep', id: 'sweep' }, title, maps, key, note);
  let latest: { setting: Setting; example: LlcResults | null } | null = null;
  let painted = '';

  function update(setting: Setting, example: LlcResults | null): void {
    latest = { setting, example };
    const asked = setting.config.sweep;
    const waits = asked.lr.length + asked.localization.length + asked.nbeta.length > 0;
    const old = setting.old || !waits;
    const results = old ? example : setting.results;
    const groups = results?.sweep ?? [];
    const now = JSON.stringify([theme.get(), groups, chosen.get(), old]);
    if (now === painted) return;
    painted = now;
    // The focus survives a repaint, or a keyboard would lose its place once a second.
    const focused = document.activeElement?.id ?? '';
    if (results === null || groups.length === 0) {
      title.textContent = waits
        ? 'The grid fills in as its chains draw'
        : 'No sweep yet: one grid of settings is one run';
      for (const part of [maps, key]) part.replaceChildren();
      note.textContent = '';
      return;
    }
    const truth = truthOf(results);
    const cells = cellsOf(results, truth !== null);
    title.textContent = sayFinding(cells, truth);
    const several = cells.some(({ group }) => group.point > 0);
    maps.replaceChildren(
      ...tablesOf(cells).map((table) => drawTable(table, truth !== null, old, several)),
    );
    key.replaceChildren(...drawKey(cells, truth));
    note.textContent =
      'In brackets: the diagnostics object. ' +
      (old
        ? `A stored run, ${results.target.description}.`
        : 'Choose a cell to see its chains and badges.');
    if (focused.startsWith('cell-')) document.getElementById(focused)?.focus();
  }

  function drawTable(
    cells: readonly Cell[],
    ratio: boolean,
    old: boolean,
    several: boolean,
  ): HTMLElement {
    const rates = distinct(cells.map(({ group }) => group.lr)).reverse();
    const pulls = distinct(cells.map(({ group }) => group.localization));
    const first = cells[0]?.group;
    const caption = make(
      'caption',
      {},
      `${several && first !== undefined ? `${first.label}, ` : ''}nβ = ${sayNbeta(first?.nbeta ?? 0)}`,
    );
    const head = make(
      'tr',
      {},
      make('td', { class: 'corner' }, 'ε \\ γ'),
      ...pulls.map((pull) => make('th', { scope: 'col' }, sayNumber(pull))),
    );
    const rows = rates.map((rate) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, sayRate(rate)),
        ...pulls.map((pull) => {
          const cell = cells.find(({ group }) => group.lr === rate && group.localization === pull);
          return make('td', {}, cell === undefined ? '' : drawCell(cell, ratio, old));
        }),
      ),
    );
    return make(
      'table',
      { class: 'grid' },
      caption,
      make('thead', {}, head),
      make('tbody', {}, ...rows),
    );
  }

  function drawCell(cell: Cell, ratio: boolean, old: boolean): HTMLButtonElement {
    const { group, index, value, share, healthy } = cell;
    const number = ratio ? value.toFixed(2).replace('-', '−') : sayNumber(value);
    const button = make(
      'button',
      {
        type: 'button',
        class: 'cell',
        id: `cell-${index}`,
        'aria-pressed': old ? undefined : String(chosen.get() === index),
        disabled: old,
        title: `${sayEstimate(group)}; ${sayGroup(group, [group])}`,
        onclick: () => chosen.set(index),
      },
      Number.isFinite(value) ? (healthy ? number : `(${number})`) : '–',
    );
    const rgb = ratio ? signed(share, theme.get()) : sequential(share);
    button.style.background = css(rgb);
    button.style.color = isLight(rgb) ? '#1b1b1f' : '#fdfcf9';
    return button;
  }

  theme.watch(() => {
    if (latest !== null) update(latest.setting, latest.example);
  });
  chosen.watch(() => {
    if (latest !== null) update(latest.setting, latest.example);
  });
  return { element, update };
}

type Truth = 'exact' | 'theory' | null;

/** The exact value at each cell where there is one, else λ; one kind for the whole map. */
function truthOf({ sweep, theory }: LlcResults): Truth {
  if (sweep.every(({ thermal }) => thermal !== null && thermal !== 0)) return 'exact';
  return theory === null ? null : 'theory';
}

function cellsOf(results: LlcResults, ratio: boolean): Cell[] {
  const { sweep, theory } = results;
  const exact = truthOf(results) === 'exact';
  const most = roundUp(Math.max(...sweep.map(({ llc }) => meanOf(llc)).filter(Number.isFinite)));
  return sweep.map((group, index) => {
    const truth = exact ? (group.thermal ?? NaN) : (theory?.lambda ?? NaN);
    const value = ratio ? meanOf(group.llc) / truth : meanOf(group.llc);
    const share = ratio
      ? Math.max(-1, Math.min(1, Math.log2(Math.max(value, 1e-9)) / octaves))
      : Math.max(0, value / most);
    const healthy = worstSeverity(group.verdicts) === 'good';
    return { group, index, value, share, healthy };
  });
}

/** One table per nβ and point, in the order they come. */
function tablesOf(cells: readonly Cell[]): Cell[][] {
  const tables = new Map<string, Cell[]>();
  for (const cell of cells) {
    const name = `${cell.group.point} ${cell.group.nbeta}`;
    const table = tables.get(name);
    if (table === undefined) tables.set(name, [cell]);
    else table.push(cell);
  }
  return [...tables.values()];
}

function sayFinding(cells: readonly Cell[], truth: Truth): string {
  if (truth === null) return `λ̂ over ${cells.length} settings, for which no truth is known`;
  const what = truth === 'exact' ? 'the exact value' : 'λ';
  const near = cells.filter(({ value }) => Math.abs(value - 1) <= 0.1);
  const passed = cells.filter(({ healthy }) => healthy);
  const right = near.filter(({ healthy }) => healthy).length;
  const among = right === passed.length ? 'all among them' : `${right} among them`;
  const rest = passed.length === 0 ? 'none' : `${passed.length}, ${among}`;
  return `${near.length} of ${cells.length} settings come within 10 % of ${what}; the diagnostics pass ${rest}`;
}

function drawKey(cells: readonly Cell[], truth: Truth): HTMLElement[] {
  const most = roundUp(Math.max(...cells.map(({ value }) => value).filter(Number.isFinite)));
  const svg = draw('svg', { width: 120, height: 8, 'aria-hidden': 'true' });
  for (let x = 0; x < 120; x++) {
    const rgb = truth === null ? sequential(x / 119) : signed((2 * x) / 119 - 1, theme.get());
    svg.append(draw('rect', { x, width: 1.5, height: 8, fill: css(rgb) }));
  }
  const bar = make('span', { class: 'bar' });
  bar.append(svg);
  const name = truth === null ? 'λ̂' : truth === 'exact' ? 'λ̂ ÷ exact value' : 'λ̂ ÷ λ of theory';
  return [
    make('span', {}, name),
    make('span', {}, truth === null ? '0' : '½'),
    bar,
    make('span', {}, truth === null ? sayNumber(most) : '2'),
  ];
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** 0.0001 → "1e-4": a column of step sizes is read by its exponents. */
function sayRate(rate: number): string {
  return rate.toExponential().replace('-', '−');
}

/** Relative luminance above that at which dark and light text are equally legible. */
function isLight(rgb: readonly [number, number, number]): boolean {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.2;
}
