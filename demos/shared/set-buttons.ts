/**
 * Sentences that set the controls: `<button class="set" data-set="preset=paper;optimizer.lr=0.02">`. A preset comes first;
 * `data-run` also starts the run.
 */
import { parseValue, withValue, type Config, type Field } from './fields';
import type { RunControl } from './run';

export interface SetOptions {
  readonly control: Pick<RunControl, 'state' | 'setState' | 'setConfig' | 'start'>;
  readonly fields: readonly Field[];
  readonly presets: ReadonlyMap<string, Config>;
}

export function wireSetButtons({ control, fields, presets }: SetOptions): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.set')) {
    button.addEventListener('click', () => {
      const { preset } = control.state();
      let next = { preset, config: control.state().config };
      for (const part of (button.dataset['set'] ?? '').split(';')) {
        const [path = '', text = ''] = part.split('=');
        const whole = path === 'preset' ? presets.get(text) : undefined;
        const field = fields.find((one) => one.path === path);
        if (whole !== undefined) next = { preset: text, config: whole };
        if (field === undefined) continue;
        const { value } = parseValue(field, text);
        next = { ...next, config: withValue(next.config, path, value) };
      }
      if ('run' in button.dataset) control.start(next);
      else if (next.preset !== preset) control.setState(next);
      else control.setConfig(next.config);
    });
  }
}
