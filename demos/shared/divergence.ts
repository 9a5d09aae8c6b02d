/** What the banner says of a run that diverged: the last good values, and a tenth of the step size to try. */
import type { Notice } from './banner';
import { valueAt, withValue } from './fields';
import type { RunControl } from './run';
import { lastOf } from './series';
import type { Session } from './session';
import type { TroubleOptions } from './trouble';
import { sayCount, sayNumber, sentence } from './words';

export function describeDivergence(
  session: Session,
  control: RunControl,
  options: TroubleOptions,
): Notice {
  const { detail, step, config, columns } = session.state;
  const rate = Number((Number(valueAt(config, options.rate)) / 10).toPrecision(3));
  const good = Object.entries(options.values).flatMap(([metric, name]) => {
    const last = lastOf(columns, metric);
    return last === null ? [] : [{ step: last.step, text: `${name} ${sayNumber(last.value)}` }];
  });
  const at = good[0]?.step;
  const last =
    at === undefined
      ? ''
      : ` The last good values, at step ${sayCount(at)}: ${good.map(({ text }) => text).join(', ')}.`;
  const what = detail === '' ? `The run diverged at step ${sayCount(step)}.` : sentence(detail);
  return {
    kind: 'error',
    text: `${what}${last}`,
    action: {
      label: `Restart with ${options.rateName} ${rate}`,
      act: () => {
        control.setConfig(withValue(control.state().config, options.rate, rate));
        control.toggle();
      },
    },
  };
}
