/**
 * The column of controls, made from the experiment's description: label, slider or select, number box, unit, a dot to
 * go back to the preset, and a mark on what changed since the run began.
 */
import { make } from './dom';
import { formatValue } from '../../src/lab/schema-paths';
import {
  changedPaths,
  labelOf,
  parseValue,
  sameValue,
  valueAt,
  withValue,
  type Config,
  type Field,
} from './fields';

export interface ControlsOptions {
  readonly fields: readonly Field[];
  /** Paths always in sight, in this order; the rest waits under “more”. */
  readonly visible: readonly string[];
  /** Narrower ends for sliders than the schema's; the number box keeps the schema's. */
  readonly sliders: Readonly<Record<string, readonly [number, number]>>;
  readonly groups: Readonly<Record<string, string>>;
  /** Paths shown elsewhere on the page (the seed). */
  readonly elsewhere: readonly string[];
  /** Fields that mean nothing in this configuration, heads for an MLP, are disabled with their reason. */
  readonly idle: (path: string, config: Config) => string | null;
  readonly onChange: (config: Config) => void;
}

export interface Controls {
  readonly element: HTMLElement;
  /** `begun` is the configuration of the run under way, or null when a change takes effect at once. */
  update(config: Config, preset: Config, begun: Config | null): void;
}

interface Row {
  readonly element: HTMLElement;
  update(config: Config, preset: Config, begun: Config | null): void;
}

export function createControls(options: ControlsOptions): Controls {
  let config: Config = {};
  const set = (path: string, value: unknown): void => {
    config = withValue(config, path, value);
    options.onChange(config);
  };
  const rows: Row[] = [];
  const add = (field: Field): HTMLElement => {
    const row = createRow(field, options, set);
    rows.push(row);
    return row.element;
  };
  const shown = options.visible.flatMap(
    (path) => options.fields.find((field) => field.path === path) ?? [],
  );
  const rest = options.fields.filter(
    ({ path }) => !options.visible.includes(path) && !options.elsewhere.includes(path),
  );
  const element = make('div', { class: 'controls' }, ...shown.map(add));
  const more = make('details', { class: 'more', id: 'more' }, make('summary', {}, 'More settings'));
  const fieldsets: { fieldset: HTMLElement; members: readonly Field[] }[] = [];
  for (const [group, name] of Object.entries(options.groups)) {
    const members = rest.filter(({ path }) => groupOf(path) === group);
    if (members.length === 0) continue;
    const fieldset = make('fieldset', {}, make('legend', {}, name), ...members.map(add));
    fieldsets.push({ fieldset, members });
    more.append(fieldset);
  }
  const note = make('p', { class: 'pending', role: 'status' });
  element.append(note, more);
  return {
    element,
    update(next, preset, begun) {
      config = next;
      for (const row of rows) row.update(next, preset, begun);
      for (const { fieldset, members } of fieldsets) {
        fieldset.hidden = members.every(({ path }) => valueAt(next, path) === undefined);
      }
      const paths = begun === null ? [] : changedPaths(options.fields, next, begun);
      const changed = options.fields.filter(({ path }) => paths.includes(path));
      const names = changed.map(labelOf).join(', ');
      const text =
        changed.length === 0 ? '' : `Changed since the run began: ${names}. Needs a restart.`;
      if (note.textContent !== text) note.textContent = text;
    },
  };
}

function groupOf(path: string): string {
  return path.includes('.') ? (path.split('.')[0] as string) : '';
}

function createRow(
  field: Field,
  options: ControlsOptions,
  set: (path: string, value: unknown) => void,
): Row {
  const id = `field-${field.path.replaceAll('.', '-')}`;
  let back: unknown = field.default;
  const dot = make(
    'button',
    {
      type: 'button',
      class: 'dot',
      'aria-label': `${labelOf(field)}: back to the preset`,
      title: 'Back to the preset',
      onclick: () => set(field.path, back),
    },
    '●',
  );
  const plain = field.unit === undefined || field.unit === labelOf(field).toLowerCase();
  const unit = plain ? null : make('span', { class: 'unit' }, ` ${field.unit}`);
  const label = make('label', { for: id }, labelOf(field), unit);
  const input = createInput(field, id, options.sliders[field.path], (value) =>
    set(field.path, value),
  );
  const element = make('div', { class: 'field', title: field.help });
  element.append(make('div', { class: 'field-head' }, label, dot), input.element);
  return {
    element,
    update(config, preset, begun) {
      const value = valueAt(config, field.path);
      // Experiments of several forms have fields that only one of them knows.
      element.hidden = value === undefined;
      if (value === undefined) return;
      back = valueAt(preset, field.path) ?? field.default;
      const differs = !sameValue(value, back);
      dot.classList.toggle('off', !differs);
      dot.disabled = !differs;
      const reason = options.idle(field.path, config);
      input.update(value, reason !== null);
      element.classList.toggle('idle', reason !== null);
      element.title = reason ?? field.help ?? '';
      const changed = begun !== null && !sameValue(value, valueAt(begun, field.path));
      element.classList.toggle('changed', changed);
    },
  };
}

interface Input {
  readonly element: HTMLElement;
  update(value: unknown, disabled: boolean): void;
}

function createInput(
  field: Field,
  id: string,
  ends: readonly [number, number] | undefined,
  set: (value: unknown) => void,
): Input {
  if (field.kind === 'choice') {
    const select = make('select', { id });
    for (const choice of field.choices ?? []) {
      select.append(make('option', { value: choice }, choice));
    }
    select.addEventListener('change', () => set(select.value));
    return {
      element: select,
      update(value, disabled) {
        select.value = String(value);
        select.disabled = disabled;
      },
    };
  }
  if (field.kind === 'flag') {
    const box = make('input', { type: 'checkbox', id });
    box.addEventListener('change', () => set(box.checked));
    return {
      element: box,
      update(value, disabled) {
        box.checked = value === true;
        box.disabled = disabled;
      },
    };
  }
  return createNumber(field, id, ends, set);
}

/** As the box and the address write a value; parseValue reads it back. */
function sayValue(value: unknown): string {
  const blank = value === null || (Array.isArray(value) && value.length === 0);
  return blank ? '' : formatValue(value);
}

/** A slider over a useful range and a box for any allowed number; both show the same value. */
function createNumber(
  field: Field,
  id: string,
  ends: readonly [number, number] | undefined,
  set: (value: unknown) => void,
): Input {
  const box = make('input', {
    type: field.kind === 'number' && field.words === undefined ? 'number' : 'text',
    list: field.words === undefined ? undefined : `${id}-words`,
    id,
    class: 'box',
    min: field.min,
    max: field.max,
    placeholder: field.default === null ? (field.blank ?? 'all') : undefined,
    step: field.integer === true ? 1 : 'any',
    inputmode: field.integer === true ? 'numeric' : 'decimal',
  });
  const words = make('datalist', { id: `${id}-words` });
  for (const word of field.words ?? []) words.append(make('option', { value: word }));
  box.addEventListener('change', () => {
    const { value } = parseValue(field, box.value);
    if (value !== undefined) set(value);
  });
  const low = ends?.[0] ?? field.min ?? 0;
  const high = ends?.[1] ?? field.max ?? 1;
  if (ends === undefined) {
    return {
      element: make('div', { class: 'dial' }, box),
      update(value, disabled) {
        if (document.activeElement !== box) box.value = sayValue(value);
        box.disabled = disabled;
      },
    };
  }
  const scale = createScale(low, high, field.integer === true);
  const slider = make('input', {
    type: 'range',
    min: 0,
    max: scale.stops,
    step: 1,
    'aria-label': labelOf(field),
    'aria-describedby': id,
  });
  slider.addEventListener('input', () => set(scale.value(Number(slider.value))));
  return {
    element: make('div', { class: 'dial' }, slider, box, field.words === undefined ? null : words),
    update(value, disabled) {
      if (document.activeElement !== box) box.value = sayValue(value);
      if (typeof value === 'number') {
        slider.value = String(scale.stop(value));
        slider.setAttribute('aria-valuetext', `${value} ${field.unit ?? ''}`.trim());
      }
      slider.disabled = box.disabled = disabled;
    },
  };
}

/** Stops of a slider: even steps, or steps of 1, 2, 5 through the decades when the range spans more than two. */
function createScale(
  low: number,
  high: number,
  whole: boolean,
): { stops: number; value: (stop: number) => number; stop: (value: number) => number } {
  const values: number[] = [];
  if (low > 0 && high / low > 100) {
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const digit of [1, 1.5, 2, 3, 5, 7]) {
        const value = Number((digit * 10 ** power).toPrecision(3));
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) values.push(value);
      }
    }
  } else {
    const count = whole ? Math.min(high - low, 100) : 100;
    for (let index = 0; index <= count; index++) {
      const value = low + ((high - low) * index) / count;
      values.push(whole ? Math.round(value) : Number(value.toPrecision(3)));
    }
  }
  return {
    stops: values.length - 1,
    value: (stop) => values[stop] ?? low,
    stop: (value) =>
      values.reduce(
        (best, one, index) =>
          Math.abs(one - value) < Math.abs((values[best] as number) - value) ? index : best,
        0,
      ),
  };
}
