/**
 * Run, pause, step, reset, new seed; the state of the run in words; the keys. The words are the same on all pages.
 */
import type { Status } from '../../src/lab/protocol';
import { make } from './dom';
import { sayCount, sayDuration, sayRate } from './words';

export interface TransportActions {
  readonly toggle: () => void;
  readonly step: (count: number) => void;
  readonly reset: () => void;
  readonly newSeed: () => void;
  readonly setSeed: (seed: number) => void;
  readonly toggleLog: () => void;
  readonly setPauseWhenHidden: (pause: boolean) => void;
  /** Shorter turns on the device, for a machine that has other things to do. */
  readonly setGentle: (gentle: boolean) => void;
}

export interface TransportState {
  readonly status: Status;
  readonly detail: string;
  readonly step: number;
  readonly total: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
  readonly seed: number;
  /** Changes that wait for a restart. */
  readonly pending: number;
  readonly cpu: boolean;
  readonly note: string;
}

export interface Transport {
  readonly element: HTMLElement;
  update(state: TransportState): void;
  /** Says something to assistive technology at once: a phase, an end. */
  announce(text: string): void;
  /** Switches the pause in hidden tabs off. */
  keepRunning(): void;
}

/** The state of a run in one line. */
export function sayStatus(state: TransportState): string {
  const at = `step ${sayCount(state.step)} of ${sayCount(state.total)}`;
  switch (state.status) {
    case 'idle':
      return 'idle';
    case 'compiling':
      return `compiling${state.detail === '' ? '' : `, ${state.detail}`}`;
    case 'restoring':
      return state.detail === '' ? 'restoring' : state.detail;
    case 'ready':
      return state.step > 0 ? `ready at ${at}` : `ready, ${sayCount(state.total)} steps`;
    case 'running': {
      if (!(state.stepsPerSecond > 0)) return `running, ${at}`;
      const left = Number.isFinite(state.secondsLeft)
        ? `, ${sayDuration(state.secondsLeft)} left`
        : '';
      return `running, ${at}, ${sayRate(state.stepsPerSecond)} steps/s${left}`;
    }
    case 'paused':
      return `paused at ${at}${state.note === '' ? '' : `, ${state.note}`}`;
    case 'done':
      return `done, ${sayCount(state.step)} steps`;
    case 'diverged':
      return `diverged at step ${sayCount(state.step)}`;
    case 'failed':
      return 'stopped by an error';
  }
}

const keys: readonly (readonly [string, string])[] = [
  ['Space', 'run or pause'],
  ['.', 'one step (with Shift: 25)'],
  ['R', 'reset'],
  ['L', 'logarithmic step axis'],
  ['?', 'show or hide this list'],
];

export function createTransport(actions: TransportActions): Transport {
  const button = (id: string, text: string, title: string, act: () => void): HTMLButtonElement =>
    make('button', { type: 'button', id, title, onclick: act }, text);
  const toggle = button('run', 'Run', 'Space', actions.toggle);
  toggle.classList.add('primary');
  const single = button('step', 'Step', '. — one step', () => actions.step(1));
  const many = button('step-25', '25 steps', 'Shift + .', () => actions.step(25));
  const reset = button('reset', 'Reset', 'R', actions.reset);
  const reseed = button('new-seed', 'New seed', 'Another random seed', actions.newSeed);
  const seed = make('input', {
    type: 'number',
    id: 'seed',
    min: 0,
    max: 4294967295,
    step: 1,
    inputmode: 'numeric',
  });
  seed.addEventListener('change', () => {
    const value = Math.round(Number(seed.value));
    if (Number.isFinite(value)) actions.setSeed(Math.min(4294967295, Math.max(0, value)));
  });
  const status = make('p', { class: 'status', id: 'status' });
  const live = make('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  const hidden = checkbox(
    'pause-hidden',
    'pause in a hidden tab',
    true,
    actions.setPauseWhenHidden,
  );
  const gentle = checkbox('gentle', 'gentle on the GPU', false, actions.setGentle);
  const keysOn = checkbox('keys', 'keys on', true, () => undefined);
  const list = make('dl', { class: 'keys' });
  for (const [key, meaning] of keys) {
    list.append(make('dt', {}, make('kbd', {}, key)), make('dd', {}, meaning));
  }
  const help = make(
    'details',
    { class: 'help', id: 'help' },
    make('summary', {}, 'Keys and options'),
    list,
  );
  list.after(make('div', { class: 'switches' }, keysOn.label, hidden.label, gentle.label));
  const element = make(
    'div',
    { class: 'transport', role: 'group', 'aria-label': 'Run controls' },
    make(
      'div',
      { class: 'buttons' },
      toggle,
      single,
      many,
      reset,
      make('span', { class: 'seed' }, make('label', { for: 'seed' }, 'seed'), seed),
      reseed,
    ),
    status,
    help,
    live,
  );

  document.addEventListener('keydown', (event) => {
    if (!keysOn.box.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isFree(event)) return;
    const act = keyAction(event, actions, help);
    if (act === null) return;
    event.preventDefault();
    act();
  });

  let saidAt = -Infinity;
  let saidStatus: Status = 'idle';
  return {
    element,
    update(state) {
      const active = state.status === 'running';
      toggle.textContent = active
        ? 'Pause'
        : state.pending > 0 && state.step > 0
          ? 'Restart'
          : state.status === 'done'
            ? 'Run again'
            : state.step > 0
              ? 'Resume'
              : 'Run';
      toggle.setAttribute('aria-pressed', String(active));
      const ended = state.status === 'done' || state.status === 'diverged';
      single.disabled = many.disabled = ended || state.status === 'failed';
      if (document.activeElement !== seed) seed.value = String(state.seed);
      const words = sayStatus(state);
      status.textContent = state.cpu ? `CPU mode: ${words}` : words;
      status.dataset['status'] = state.status;
      const now = performance.now();
      if (state.status !== saidStatus || (active && now - saidAt > 10_000)) {
        saidStatus = state.status;
        saidAt = now;
        live.textContent = words;
      }
    },
    keepRunning() {
      if (hidden.box.checked) hidden.box.click();
    },
    announce(text) {
      saidAt = performance.now();
      live.textContent = text;
    },
  };
}

function checkbox(
  id: string,
  text: string,
  on: boolean,
  act: (on: boolean) => void,
): { label: HTMLLabelElement; box: HTMLInputElement } {
  const box = make('input', { type: 'checkbox', id, checked: on });
  box.addEventListener('change', () => act(box.checked));
  return { label: make('label', { class: 'switch' }, box, ` ${text}`), box };
}

/** Keys belong to the page only while no field wants them; Space also stays with what it already operates. */
function isFree({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return true;
  const typing = 'input:not([type=checkbox], [type=radio]), select, textarea';
  if (target.closest(typing) !== null) return false;
  return key !== ' ' || target.closest('button, summary, a, input') === null;
}

function keyAction(
  event: KeyboardEvent,
  actions: TransportActions,
  help: HTMLDetailsElement,
): (() => void) | null {
  switch (event.key) {
    case ' ':
      return actions.toggle;
    case '.':
      return () => actions.step(1);
    case '>':
    case ':':
      return () => actions.step(25);
    case 'r':
    case 'R':
      return actions.reset;
    case 'l':
    case 'L':
      return actions.toggleLog;
    case '?':
      return () => {
        help.open = !help.open;
      };
    default:
      return null;
  }
}
