/** A picture with its finding as title, the moment it shows, and what to take it away with. */
import { createTools } from './figure-tools';
import { createFrame, type Frame, type Shown } from './frame';
import type { Maker } from './made';
import type { NumberTable } from './numbers';
import type { Picture } from './picture';

export interface FigureFrameOptions<T> {
  /** Names the files: `neurons`. */
  readonly name: string;
  readonly title: string;
  readonly picture: Picture<T>;
  readonly maker: Maker;
  /** The configuration of the stored run, where one is shown. */
  readonly storedConfig: () => object | null;
}

export interface FigureFrame<T> extends Frame<T> {
  /** What is shown, its data, and the same as numbers for the file. */
  show(shown: Shown, data: T | null, numbers: () => NumberTable | null): void;
}

export function createFigureFrame<T>(options: FigureFrameOptions<T>): FigureFrame<T> {
  const { name, picture, maker } = options;
  const frame = createFrame(options.title, picture);
  let title = options.title;
  let shown: Shown = { snapshot: null, old: false };
  let numbers: () => NumberTable | null = () => null;
  const step = (): number | null => shown.snapshot?.step ?? null;
  const stored = (): object | null => (shown.old ? options.storedConfig() : null);
  const tools = createTools({
    name,
    title: () => title,
    canvas: () => picture.canvas,
    numbers: () => numbers(),
    made: () => maker.made(step(), stored()),
    stem: () => maker.stem(name, step(), stored()),
  });
  frame.element.querySelector('figcaption')?.append(tools);
  frame.element.id = `view-${name}`;
  return {
    ...frame,
    setTitle(text) {
      title = text;
      frame.setTitle(text);
    },
    show(next, data, table) {
      shown = next;
      numbers = table;
      picture.update(data);
      frame.say(next);
    },
  };
}
