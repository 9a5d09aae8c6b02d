/** What made a figure, in a line that goes with every file of it: preset and what differs from it, seed, step, device, version. */
import { ENGINE_VERSION } from '../../src/lab/version';
import { formatValue } from '../../src/lab/schema-paths';
import { sayAdapter } from './badge';
import { changedPaths, valueAt, type Config, type Field } from './fields';
import type { RunControl } from './run';
import type { Session } from './session';
import { sayCount } from './words';

export interface Maker {
  /** `step` is the one shown; `stored` the configuration of a stored run, null for this one. */
  made(step: number | null, stored: object | null): string;
  /** Begins the name of a file: `cusp-grokking-quick-seed0-neurons-step900`. */
  stem(figure: string, step: number | null, stored: object | null): string;
}

export interface MakerOptions {
  /** `grokking`; with a capital it begins the line. */
  readonly page: string;
  readonly session: Session;
  readonly control: RunControl;
  readonly fields: readonly Field[];
  readonly presets: ReadonlyMap<string, Config>;
}

export function createMaker(options: MakerOptions): Maker {
  const { page, session, control, fields, presets } = options;
  const own = (): object => control.begun() ?? control.state().config;
  const seedOf = (config: object): string => formatValue(valueAt(config, 'seed') ?? 0);

  /** What differs from the preset, as the address writes it. */
  function changes(config: object): string {
    const base = presets.get(control.state().preset);
    return changedPaths(fields, config, base)
      .filter((path) => path !== 'seed' && valueAt(config, path) !== undefined)
      .map((path) => `${path}=${formatValue(valueAt(config, path))}`)
      .join(' ');
  }

  return {
    made(step, stored) {
      const config = stored ?? own();
      const { adapter } = session.state;
      const parts = [
        `${page.charAt(0).toUpperCase()}${page.slice(1)}, ${stored === null ? '' : 'stored run, '}preset ${control.state().preset}`,
        changes(config),
        `seed ${seedOf(config)}`,
        step === null ? '' : `step ${sayCount(step)}`,
        stored === null && adapter !== null ? sayAdapter(adapter) : '',
        `Cusp ${ENGINE_VERSION}`,
      ];
      return parts.filter((part) => part !== '').join(', ');
    },
    stem(figure, step, stored) {
      const { preset } = control.state();
      const which = `${preset}-seed${seedOf(stored ?? own())}${stored === null ? '' : '-stored'}`;
      return `cusp-${page}-${which}-${figure}${step === null ? '' : `-step${step}`}`;
    },
  };
}
