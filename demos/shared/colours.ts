/** Colour maps for tensors: perceptually even for amounts, blue–white–orange for what has a sign. */
type Rgb = readonly [number, number, number];

/** Nine stops of viridis (Smith and van der Walt 2015, CC0), linear in between. */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];
/** Ends from Okabe–Ito's blue and vermilion; the middle is the paper. */
const diverging: Readonly<Record<'light' | 'dark', readonly Rgb[]>> = {
  light: [
    [0, 80, 140],
    [70, 150, 205],
    [253, 252, 249],
    [232, 140, 70],
    [178, 70, 0],
  ],
  dark: [
    [120, 195, 245],
    [52, 140, 200],
    [30, 30, 36],
    [214, 112, 48],
    [255, 175, 110],
  ],
};

/** A colour for `share` in 0…1 (clamped). */
export function sequential(share: number): Rgb {
  return between(viridis, share);
}

/** A colour for `share` in −1…1 (clamped). */
export function signed(share: number, theme: 'light' | 'dark'): Rgb {
  return between(diverging[theme], (share + 1) / 2);
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

function between(stops: readonly Rgb[], share: number): Rgb {
  const place = Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const part = place - index;
  const [from, to] = [stops[index] as Rgb, stops[index + 1] as Rgb];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(from[channel] + (to[channel] - from[channel]) * part);
  return [mix(0), mix(1), mix(2)];
}
