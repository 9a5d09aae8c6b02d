/**
 * The state of a page in its address: the preset, then only what differs from it, by dotted path. Nothing of it is
 * trusted: paths must be fields, values must be in range, and whatever was not taken is reported.
 */
import { formatValue } from '../../src/lab/schema-paths';
import { parseValue, sameValue, valueAt, withValue, type Config, type Field } from './fields';

export interface PageState {
  readonly preset: string;
  readonly config: Config;
}

export interface ReadState extends PageState {
  /** One sentence for each parameter that was changed or left out. */
  readonly problems: readonly string[];
}

/** Parameters that belong to the page and not to the experiment. */
const pageKeys = new Set(['preset', 'embed', 'v']);
const version = '1';

export function readState(
  search: string,
  fields: readonly Field[],
  presets: ReadonlyMap<string, Config>,
  fallback: string,
): ReadState {
  const parameters = new URLSearchParams(search.slice(0, 4000));
  const problems: string[] = [];
  const asked = parameters.get('preset') ?? fallback;
  const preset = presets.has(asked) ? asked : fallback;
  if (preset !== asked) {
    problems.push(`there is no preset “${asked.slice(0, 40)}”; ${fallback} is used`);
  }
  const said = parameters.get('v');
  if (said !== null && said !== version) {
    problems.push(`the link was made for version ${said.slice(0, 10)} of this page`);
  }
  let config = presets.get(preset) as Config;
  for (const [key, text] of parameters) {
    if (pageKeys.has(key)) continue;
    const field = fields.find((one) => one.path === key);
    if (field === undefined || valueAt(config, key) === undefined) {
      problems.push(`“${key.slice(0, 40)}” is not a setting and was ignored`);
      continue;
    }
    const { value, problem } = parseValue(field, text);
    if (problem !== null) problems.push(problem);
    if (value !== undefined) config = withValue(config, field.path, value);
  }
  return { preset, config, problems };
}

/** The query string for a state, without what the preset already says. */
export function writeState(
  state: PageState,
  fields: readonly Field[],
  presets: ReadonlyMap<string, Config>,
): string {
  const base = presets.get(state.preset);
  const parameters = new URLSearchParams({ v: version, preset: state.preset });
  for (const { path } of fields) {
    const value = valueAt(state.config, path);
    if (value === undefined || sameValue(value, valueAt(base, path))) continue;
    parameters.set(path, formatValue(value));
  }
  return `?${parameters.toString()}`;
}
