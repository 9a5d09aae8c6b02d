/** The polygons of the toy model with six features, each at the height of its loss: what chains fall down when they can. */
import { superpositionState } from '../../src/slt/theory/superposition';
import { draw } from '../shared/dom';
import { createFitted } from '../shared/fitted';
import { sayLambda } from './words';

const features = 6;
const states = ['4', '4+', '4++', '5', '5+', '6'];
const [height, most] = [300, 26];

export interface Ladder {
  readonly element: HTMLElement;
  /** Marks the state that is sampled, or none. */
  update(state: string | null): void;
}

export function createLadder(choose: (state: string) => void): Ladder {
  const rungs = states.map((name) => ({ name, point: superpositionState(features, name) }));
  const losses = rungs.map(({ point }) => point.loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  let marks: { name: string; mark: SVGGElement }[] = [];
  let chosen: string | null = null;

  function drawFor(width: number): SVGSVGElement {
    const svg = draw('svg', { width, height, class: 'ladder' });
    marks = rungs.map((rung, index) => drawRung(svg, width, rung, index));
    mark();
    return svg;
  }

  function drawRung(
    svg: SVGSVGElement,
    width: number,
    { name, point }: (typeof rungs)[number],
    index: number,
  ): { name: string; mark: SVGGElement } {
    const radius = Math.min(most, width / 18);
    const x = 46 + ((width - 92) * index) / (states.length - 1);
    const y = 46 + ((height - 116) * (high - point.loss)) / (high - low);
    const { lambda } = point;
    const said = `State ${name}: loss ${point.loss.toFixed(5)}${lambda === null ? '' : `, λ = ${sayLambda(lambda)}`}`;
    const mark = draw('g', { class: 'rung', role: 'button', tabindex: 0, 'aria-label': said });
    mark.append(draw('rect', { class: 'hit', x: x - 44, y: y - 40, width: 88, height: 108 }));
    for (let feature = 0; feature < features; feature++) {
      const [wx = 0, wy = 0] = [point.W[feature], point.W[features + feature]];
      const tip = { x: x + (radius * wx) / 1.33, y: y - (radius * wy) / 1.33 };
      mark.append(
        draw('line', { class: 'spoke', x1: x, y1: y, x2: tip.x, y2: tip.y }),
        draw('circle', { class: 'tip', cx: tip.x, cy: tip.y, r: 2.6 }),
      );
    }
    mark.append(
      draw(
        'text',
        { class: 'state', x, y: y + radius + 16, 'text-anchor': 'middle' },
        name.replaceAll('+', '⁺'),
      ),
      draw(
        'text',
        { class: 'text-norm', x, y: y + radius + 32, 'text-anchor': 'middle' },
        sayRung(point.loss, lambda, width),
      ),
    );
    mark.addEventListener('click', () => choose(name));
    mark.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation();
      choose(name);
    });
    svg.append(mark);
    return { name, mark };
  }

  function mark(): void {
    for (const { name, mark: one } of marks) {
      one.classList.toggle('chosen', name === chosen);
      one.setAttribute('aria-pressed', String(name === chosen));
    }
  }

  return {
    element: createFitted(drawFor),
    update(state) {
      chosen = state;
      mark();
    },
  };
}

/** On a narrow screen the height must say the loss, or the words of neighbours meet. */
function sayRung(loss: number, lambda: number | null, width: number): string {
  const parts = width < 480 ? [] : [loss.toFixed(4)];
  if (lambda !== null) parts.push(`λ ${sayLambda(lambda)}`);
  return parts.join(' · ');
}
