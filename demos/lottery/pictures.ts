/** The pictures of this page: drawn digits, the pixels that the first layer still reads, masks of single units. */
import { drawDigits } from '../../src/data/digits';
import type { LotteryConfig } from '../../src/lab/experiments/lottery-schema';
import { shareLeft, sideOf } from '../../src/lab/experiments/lottery-shares';
import { createFigureFrame } from '../shared/figure-frame';
import type { Maker } from '../shared/made';
import { createMapGrid, type SmallMap } from '../shared/map-grid';
import { cellsOf } from '../shared/numbers';
import { createInkGrid, type InkCell } from './ink-grid';
import type { Level } from './levels';
import { UNITS } from './masks';
import type { Shown } from './source';
import { sayLeft, sayPixels } from './words';

export interface Pictures {
  readonly digits: HTMLElement;
  readonly pixels: HTMLElement;
  readonly units: HTMLElement;
  update(shown: Shown, level: Level | null): void;
}

const DIGITS = 20;
const MOST_MAPS = 12;
/** Colours of the pixel maps end here, in weights of the mean pixel. */
const RANGE = [0, 2] as const;

interface Sheet {
  readonly side: number;
  readonly images: Float32Array;
  readonly labels: Uint32Array;
}

export function createPictures(maker: Maker): Pictures {
  let latest: Shown | null = null;
  const storedConfig = (): object | null => (latest?.old ? latest.config : null);
  const digits = createFigureFrame<readonly InkCell[]>({
    name: 'digits',
    title: 'Some of the digits',
    picture: createInkGrid({
      id: 'digit-sheet',
      name: 'Drawn digits',
      across: 10,
      places: DIGITS,
      captions: false,
    }),
    maker,
    storedConfig,
  });
  const pixels = createFigureFrame<readonly SmallMap[]>({
    name: 'pixels',
    title: 'Where the first layer still looks',
    picture: createMapGrid({
      id: 'pixel-maps',
      name: 'Weights left by pixel',
      across: 6,
      places: MOST_MAPS,
    }),
    maker,
    storedConfig,
  });
  const units = createFigureFrame<readonly InkCell[]>({
    name: 'units',
    title: 'Pixels that single units still read',
    picture: createInkGrid({
      id: 'unit-maps',
      name: 'Masks of units',
      across: 6,
      places: UNITS,
      captions: true,
    }),
    maker,
    storedConfig,
  });
  let sheet: { key: string; value: Sheet } | null = null;
  const unseen = { snapshot: null, old: false };

  function sheetOf(config: LotteryConfig): Sheet {
    const { seed, data } = config;
    const side = sideOf(config);
    const key = `${seed} ${side} ${data.difficulty}`;
    if (sheet?.key === key) return sheet.value;
    const set = { count: DIGITS, set: 'train', side, difficulty: data.difficulty, seed } as const;
    sheet = { key, value: { side, ...drawDigits(set) } };
    return sheet.value;
  }

  function update(shown: Shown, level: Level | null): void {
    latest = shown;
    const { config, masks, old } = shown;
    const own = sheetOf(config);
    const cells = Array.from({ length: DIGITS }, (_, k) => ({
      side: own.side,
      data: own.images.subarray(k * own.side ** 2, (k + 1) * own.side ** 2),
      name: String(own.labels[k]),
      caption: '',
    }));
    digits.show(unseen, cells, () => ({
      columns: ['digit', 'label', 'pixel', 'ink'],
      rows: [...own.images].map((ink, k) => {
        const digit = Math.floor(k / own.side ** 2);
        return [digit, own.labels[digit] ?? NaN, k % own.side ** 2, ink];
      }),
    }));
    const every = Math.ceil(masks.length / MOST_MAPS);
    const drawn = masks.filter((_, k) => (masks.length - 1 - k) % Math.max(1, every) === 0);
    pixels.setTitle(sayPixels(masks));
    pixels.show(
      { snapshot: null, old },
      drawn.length === 0
        ? null
        : drawn.map((one) => ({
            matrix: { rows: one.side, columns: one.side, data: relative(one.pixels) },
            range: RANGE,
            caption: sayLeft(shareLeft(config, one.round)),
          })),
      () => ({
        columns: ['round', 'row', 'column', 'share_left'],
        rows: masks.flatMap((one) =>
          [...cellsOf(one.side, one.side, one.pixels)].map((cell) => [one.round, ...cell]),
        ),
      }),
    );
    const at = masks.find(({ round }) => round === level?.round) ?? masks.at(-1);
    const size = (at?.side ?? 0) ** 2;
    units.setTitle(
      at === undefined
        ? 'Pixels that single units still read'
        : `Pixels that ${UNITS} units still read, of ${size}, with ${sayLeft(shareLeft(config, at.round))} of the weights`,
    );
    const unit = (k: number): Float32Array =>
      at?.units.subarray(k * size, (k + 1) * size) ?? new Float32Array(0);
    units.show(
      { snapshot: null, old },
      at === undefined
        ? null
        : Array.from({ length: UNITS }, (_, k) => {
            const caption = String(unit(k).reduce((sum, bit) => sum + Math.round(bit), 0));
            return { side: at.side, data: unit(k), name: caption, caption };
          }),
      () => ({
        columns: ['unit', 'row', 'column', 'kept'],
        rows: Array.from({ length: UNITS }, (_, k) => k).flatMap((k) =>
          [...cellsOf(at?.side ?? 0, at?.side ?? 0, unit(k))].map((cell) => [k, ...cell]),
        ),
      }),
    );
  }

  return { digits: digits.element, pixels: pixels.element, units: units.element, update };
}

/** Shares of weights left, over their mean. */
function relative(shares: Float32Array): Float32Array {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return shares.map((share) => share / (mean || 1));
}
