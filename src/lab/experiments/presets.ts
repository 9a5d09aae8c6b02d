/** Named configurations. The steps they name were measured over a few seeds; from seed to seed they differ by a factor of two. */
import { llcPresets } from './llc-presets';
import { lotteryPresets } from './lottery-presets';
import { modularPresets } from './modular-presets';
import { progressPresets } from './progress-presets';
import { ticketsPresets } from './tickets-presets';
import type { Preset } from './types';

export const presets: readonly Preset[] = /* @__PURE__ */ [
  modularPresets,
  llcPresets,
  progressPresets,
  ticketsPresets,
  lotteryPresets,
].flat();
