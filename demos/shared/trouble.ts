/** Loss of the device, divergence and failures: what the banner says, and what can be done about them. */
import type { Banner, Notice } from './banner';
import type { Session } from './session';
import { sentence } from './words';
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
      const show = (notice: Notice): void => {
        if (session.state.status === 'diverged') banner.show('trouble', notice);
      };
      import('./divergence').then(
        ({ describeDivergence }) => show(describeDivergence(session, control, options)),
        () => show({ kind: 'error', text: sentence(detail || 'the run diverged') }),
      );
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

/** From where the run was last kept, or from its start. */
async function retry(control: RunControl): Promise<void> {
  const kept = await control.findKept();
  if (kept === null) control.reset();
  else control.resume(kept);
}
