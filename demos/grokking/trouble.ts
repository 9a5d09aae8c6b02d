/** Loss of the device, divergence and failures: what the banner says, and what can be done about them. */
import type { Banner } from '../shared/banner';
import { valueAt, withValue } from '../shared/fields';
import { lastOf } from '../shared/series';
import type { Session } from '../shared/session';
import { sayCount, sayNumber } from '../shared/words';
import type { RunControl } from './run';

/** Keeps the banner in step with the session. */
export function watchTrouble(session: Session, control: RunControl, banner: Banner): void {
  session.listen((topic) => {
    if (topic !== 'status' && topic !== 'error') return;
    const { status, detail } = session.state;
    if (status === 'compiling') {
      for (const name of ['restored', 'trouble']) banner.show(name, null);
    } else if (status === 'restoring' && detail !== '') {
      banner.show('restored', { kind: 'info', text: sentence(detail) });
    } else if (status === 'diverged') {
      showDivergence(session, control, banner);
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

function showDivergence(session: Session, control: RunControl, banner: Banner): void {
  const { detail, step, config, columns } = session.state;
  const rate = Number((Number(valueAt(config, 'optimizer.lr')) / 10).toPrecision(3));
  const [train, test] = [lastOf(columns, 'train_loss'), lastOf(columns, 'test_loss')];
  const last =
    train === null || test === null
      ? ''
      : ` The last good values, at step ${sayCount(train.step)}: ` +
        `train loss ${sayNumber(train.value)}, test loss ${sayNumber(test.value)}.`;
  const what = detail === '' ? `The run diverged at step ${sayCount(step)}.` : sentence(detail);
  banner.show('trouble', {
    kind: 'error',
    text: `${what}${last}`,
    action: {
      label: `Restart with learning rate ${rate}`,
      act: () => {
        control.setConfig(withValue(control.state().config, 'optimizer.lr', rate));
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
