/** Loss of the device, divergence and failures: what the banner says, and what can be done about them. */
import type { Banner } from './banner';
import { valueAt, withValue } from './fields';
import { lastOf } from './series';
import type { Session } from './session';
import { sayCount, sayNumber } from './words';
import type { RunControl } from './run';

export interface TroubleOptions {
  /** Path of the step size that a diverged run is restarted with a tenth of. */
  readonly rate: string;
  /** What that is called: “learning rate”. */
  readonly rateName: string;
  /** Metrics whose last good values are worth saying, and their names. */
  readonly values: Readonly<Record<string, string>>;
}

/** Keeps the banner in step with the session. */
export function watchTrouble(
  session: Session,
  control: RunControl,
  banner: Banner,
  options: TroubleOptions,
): void {
  session.listen((topic) => {
    if (topic !== 'status' && topic !== 'error') return;
    const { status, detail } = session.state;
    if (status === 'compiling') {
      for (const name of ['restored', 'trouble']) banner.show(name, null);
    } else if (status === 'restoring' && detail !== '') {
      banner.show('restored', { kind: 'info', text: sentence(detail) });
    } else if (status === 'diverged') {
      showDivergence(session, control, banner, options);
    } else if (status === 'failed') {
      const { error } = session.state;
      if (error === null) return;
      banner.show('trouble', {
        kind: 'error',
        text: `The run stopped: ${error.message}`,
        action: { label: 'Try again', act: () => void retry(control) },
      });
    }
  });
}

function showDivergence(
  session: Session,
  control: RunControl,
  banner: Banner,
  options: TroubleOptions,
): void {
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
  banner.show('trouble', {
    kind: 'error',
    text: `${what}${last}`,
    action: {
      label: `Restart with ${options.rateName} ${rate}`,
      act: () => {
        control.setConfig(withValue(control.state().config, options.rate, rate));
        control.toggle();
      },
    },
  });
}

/** From where the run was last kept, or from its start. */
async function retry(control: RunControl): Promise<void> {
  const kept = await control.findKept();
  if (kept === null) control.reset();
  else control.resume(kept);
}

function sentence(words: string): string {
  const start = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
