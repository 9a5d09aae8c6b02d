/** A figure on two logarithmic axes: lines with their names, marks that answer to pointer and arrow keys, and a line of words. */
import { make } from '../shared/dom';
import { createPicture, smallFont } from '../shared/picture';
import { logTicks } from '../shared/scales';
import { colour } from '../shared/theme';
import { sayNumber, sayPower } from '../shared/words';
import { frameOf, nearestMark, type Frame, type Kind, type Mark, type Scene } from './scene';

export const colours: Readonly<Record<Kind, string>> = {
  kernel: 'lambda',
  variant: 'train',
  library: 'test',
  cpu: 'norm',
};

export interface LogPlot {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  update(scene: Scene | null): void;
}

const [labelRoom, plainRoom, reach] = [84, 16, 28];

interface Shown {
  readonly scene: Scene;
  readonly chosen: number | null;
}

/** `name` is what its marks are called: “rows of the roofline”. */
export function createLogPlot(id: string, name: string): LogPlot {
  const readout = make('p', { class: 'readout plot-readout', 'aria-live': 'polite' });
  let scene: Scene | null = null;
  let chosen: number | null = null;
  /** A mark that keys have reached stays when the pointer only happens to lie here. */
  let pointed = false;
  const picture = createPicture<Shown>({
    id,
    ratio: (width) => (width < 520 ? 1.05 : 1.75),
    paint: (pen, width, height, data) => {
      if (data !== null) paintScene(pen, frameFor(data.scene, width, height), data);
    },
    describe: (data) => data?.scene.described ?? `${name}: nothing measured yet.`,
  });
  const host = make('div', {
    class: 'log-plot',
    tabindex: 0,
    role: 'group',
    'aria-label': `${name}; arrow keys go from one to the next`,
  });
  host.append(picture.element);

  function choose(index: number | null): void {
    if (index === chosen) return;
    chosen = index;
    show();
  }

  function show(): void {
    const mark = chosen === null ? undefined : scene?.marks[chosen];
    readout.textContent = mark?.said ?? '';
    picture.update(scene === null ? null : { scene, chosen });
  }

  host.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (scene === null) return;
    const box = picture.canvas.getBoundingClientRect();
    const frame = frameFor(scene, box.width, box.height);
    const near = nearestMark(scene.marks, frame, [clientX - box.left, clientY - box.top], reach);
    if (near === null && !pointed) return;
    pointed = near !== null;
    choose(near);
  });
  host.addEventListener('pointerleave', () => {
    if (pointed) choose(null);
    pointed = false;
  });
  host.addEventListener('blur', () => choose(null));
  host.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || scene === null || scene.marks.length === 0) return;
    event.preventDefault();
    pointed = false;
    choose(nextAcross(scene.marks, chosen, step));
  });
  return {
    element: make('div', { class: 'log-plot-box' }, host, readout),
    canvas: picture.canvas,
    update(next) {
      // What is pointed at stays pointed at while more rows arrive.
      const held = chosen === null ? undefined : scene?.marks[chosen]?.said;
      scene = next;
      const again = next?.marks.findIndex(({ said }) => said === held) ?? -1;
      chosen = again === -1 ? null : again;
      show();
    },
  };
}

/** From left to right, beginning again after the last. */
function nextAcross(marks: readonly Mark[], from: number | null, step: number): number {
  const order = marks.map((_, index) => index).sort((a, b) => marks[a]!.x - marks[b]!.x);
  if (from === null) return order.at(step > 0 ? 0 : -1) ?? 0;
  return order[(order.indexOf(from) + step + order.length) % order.length] ?? 0;
}

function frameFor(scene: Scene, width: number, height: number): Frame {
  const named = scene.lines.some(({ label }) => label !== undefined);
  return frameOf(scene, width, height, named ? labelRoom : plainRoom);
}

function paintScene(pen: CanvasRenderingContext2D, frame: Frame, { scene, chosen }: Shown): void {
  pen.font = smallFont;
  paintAxes(pen, frame, scene);
  paintLines(pen, frame, scene);
  paintNotes(pen, frame, scene);
  const taken: Box[] = [];
  for (const [index, mark] of scene.marks.entries()) paintMark(pen, frame, mark, index === chosen);
  for (const mark of scene.marks) paintLabel(pen, frame, mark, taken);
}

function paintAxes(pen: CanvasRenderingContext2D, frame: Frame, scene: Scene): void {
  const { left, right, top, bottom } = frame;
  pen.textBaseline = 'middle';
  pen.textAlign = 'right';
  const [low, high] = scene.y.range;
  for (const tick of logTicks(low, high, 6)) {
    const y = Math.round(frame.y(tick)) + 0.5;
    hair(pen, [left, y], [right, y], 'grid');
    pen.fillStyle = colour('ink-soft');
    pen.fillText(sayTick(tick), left - 8, y);
  }
  hair(pen, [left, bottom + 0.5], [right, bottom + 0.5], 'rule');
  pen.textAlign = 'center';
  const from = Math.max(scene.x.range[0], scene.aside?.to ?? 0);
  for (const tick of logTicks(from, scene.x.range[1], 8)) {
    const x = Math.round(frame.x(tick)) + 0.5;
    hair(pen, [x, bottom], [x, bottom + 4], 'rule');
    pen.fillText(sayTick(tick), x, bottom + 14);
  }
  pen.textAlign = 'left';
  pen.fillText(scene.y.label, 0, top - 12);
  pen.textAlign = 'right';
  pen.fillText(scene.x.label, right, bottom + 32);
  if (scene.aside) {
    const x = Math.round(frame.x(scene.aside.to)) + 0.5;
    hair(pen, [x, top], [x, bottom], 'rule', [2, 3]);
    pen.textAlign = 'left';
    pen.fillText(scene.aside.text, left, bottom + 14);
  }
}

function sayTick(tick: number): string {
  const exponent = Math.log10(tick);
  const whole = Math.abs(exponent - Math.round(exponent)) < 1e-9;
  return whole && (tick >= 1e5 || tick < 0.999e-3)
    ? sayPower(Math.round(exponent))
    : sayNumber(tick);
}

function paintLines(pen: CanvasRenderingContext2D, frame: Frame, scene: Scene): void {
  const ends: number[] = [];
  // From the highest end down, so that names keep the order of their lines.
  const lines = [...scene.lines].sort(
    (a, b) => (b.points.at(-1)?.[1] ?? 0) - (a.points.at(-1)?.[1] ?? 0),
  );
  for (const { points, colour: name, dash = [], label } of lines) {
    pen.strokeStyle = colour(name);
    pen.lineWidth = name === 'ink' ? 1.25 : 1.5;
    pen.setLineDash([...dash]);
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(frame.x(x), frame.y(y));
    pen.stroke();
    pen.setLineDash([]);
    const last = points.at(-1);
    if (label === undefined || last === undefined) continue;
    // Names of lines that end close together stand below each other.
    let y = frame.y(last[1]);
    while (ends.some((other) => Math.abs(other - y) < 14)) y += 14;
    ends.push(y);
    pen.textAlign = 'left';
    pen.fillStyle = colour(`${name}-ink`);
    pen.fillText(label, frame.x(last[0]) + 10, y);
  }
  if (!scene.crossing) return;
  const x = Math.round(frame.x(scene.crossing.x)) + 0.5;
  hair(pen, [x, frame.top], [x, frame.bottom], 'marker', [2, 3]);
  pen.fillStyle = colour('ink-soft');
  const fits = x + pen.measureText(scene.crossing.text).width < frame.right;
  pen.textAlign = fits ? 'left' : 'right';
  pen.fillText(scene.crossing.text, x + (fits ? 6 : -6), frame.top + 6);
}

function paintNotes(pen: CanvasRenderingContext2D, frame: Frame, { notes }: Scene): void {
  pen.fillStyle = colour('ink');
  for (const { x, y, text, rising = false } of notes) {
    pen.save();
    pen.translate(frame.x(x), frame.y(y));
    if (rising) pen.rotate(-Math.atan2(frame.y(1) - frame.y(10), frame.x(10) - frame.x(1)));
    pen.textAlign = rising ? 'center' : 'right';
    pen.lineWidth = 3;
    pen.strokeStyle = colour('paper');
    pen.strokeText(text, 0, -10);
    pen.fillText(text, 0, -10);
    pen.restore();
  }
}

/** Told apart by shape as well: a disc, a ring, a triangle, a cross. */
function paintMark(pen: CanvasRenderingContext2D, frame: Frame, mark: Mark, chosen: boolean): void {
  const [x, y] = [frame.x(mark.x), frame.y(mark.y)];
  const tint = colour(colours[mark.kind]);
  pen.lineWidth = 1.5;
  pen.strokeStyle = pen.fillStyle = tint;
  if (mark.spread) {
    pen.beginPath();
    pen.moveTo(x, frame.y(mark.spread[0]));
    pen.lineTo(x, frame.y(mark.spread[1]));
    pen.stroke();
  }
  pen.beginPath();
  if (mark.kind === 'cpu') {
    for (const side of [-3, 3]) {
      pen.moveTo(x - 3, y - side);
      pen.lineTo(x + 3, y + side);
    }
    pen.stroke();
  } else if (mark.kind === 'library') {
    pen.moveTo(x, y - 4.5);
    pen.lineTo(x + 4, y + 3);
    pen.lineTo(x - 4, y + 3);
    pen.fill();
  } else {
    pen.arc(x, y, mark.kind === 'kernel' ? 4 : 3.25, 0, 2 * Math.PI);
    if (mark.kind === 'kernel') pen.fill();
    else pen.stroke();
  }
  if (!chosen) return;
  pen.strokeStyle = colour('ink');
  pen.beginPath();
  pen.arc(x, y, 8, 0, 2 * Math.PI);
  pen.stroke();
}

/** left, right, top, bottom */
type Box = readonly [number, number, number, number];

/** Above its mark, where no other label is. */
function paintLabel(pen: CanvasRenderingContext2D, frame: Frame, mark: Mark, taken: Box[]): void {
  if (mark.label === undefined) return;
  const half = pen.measureText(mark.label).width / 2;
  const x = Math.min(Math.max(frame.x(mark.x), frame.left + half), frame.right - half);
  for (const lift of [-13, 13, -26]) {
    const y = frame.y(mark.y) + lift;
    const box: Box = [x - half - 2, x + half + 2, y - 7, y + 7];
    if (taken.some((other) => meet(box, other)) || box[3] > frame.bottom) continue;
    taken.push(box);
    pen.textAlign = 'center';
    pen.lineWidth = 3;
    pen.strokeStyle = colour('paper');
    pen.strokeText(mark.label, x, y);
    pen.fillStyle = colour('lambda-ink');
    pen.fillText(mark.label, x, y);
    return;
  }
}

function meet(a: Box, b: Box): boolean {
  return a[0] < b[1] && b[0] < a[1] && a[2] < b[3] && b[2] < a[3];
}

function hair(
  pen: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
  name: string,
  dash: readonly number[] = [],
): void {
  pen.strokeStyle = colour(name);
  pen.lineWidth = 1;
  pen.setLineDash([...dash]);
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
  pen.setLineDash([]);
}
