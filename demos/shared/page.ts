/** What every page of an experiment does beside its experiment: theme, embedding, the link it was opened with, and a run to go back to. */
import { createBanner, type Banner } from './banner';
import { find } from './dom';
import type { Config, Field } from './fields';
import type { RunControl } from './run';
import type { Session } from './session';
import { createThemeButton, followTheme } from './theme';
import type { Transport } from './transport';
import { readState, type PageState } from './url';
import { sayCount, sayDuration } from './words';

export interface OpenedPage {
  readonly banner: Banner;
  /** From the address, what was wrong with it told in the banner. */
  readonly initial: PageState;
}

/** `preset` is the one of an address without any. */
export function openPage(
  fields: readonly Field[],
  presets: ReadonlyMap<string, Config>,
  preset: string,
): OpenedPage {
  followTheme();
  const embedded = new URLSearchParams(location.search).has('embed');
  document.body.classList.toggle('embed', embedded);
  document.querySelector('header.site')?.append(createThemeButton());
  const banner = createBanner();
  find('notices').append(banner.element);
  const read = readState(location.search, fields, presets, preset);
  if (read.problems.length > 0) {
    banner.show('link', { kind: 'info', text: `In the link, ${read.problems.join('; ')}.` });
  }
  return { banner, initial: read };
}

/** That a run goes on which a hidden tab had paused, for `RunOptions.onReturn`. */
export function tellReturn(
  banner: Banner,
  session: Session,
  transport: Transport,
  seconds: number,
): void {
  banner.show('hidden', {
    kind: 'info',
    text: `The run was paused for ${sayDuration(seconds)} while this tab was hidden, and goes on from step ${sayCount(session.state.step)}.`,
    action: { label: 'Keep running in hidden tabs', act: transport.keepRunning },
  });
}

/** Says which run the page begins with, and lets the browser draw it before more is fetched. */
export async function showFirst(control: RunControl): Promise<void> {
  control.setConfig(control.state().config);
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
}

/** Offers the run that an earlier visit left unfinished, if there is one. */
export async function offerKept(control: RunControl, banner: Banner): Promise<void> {
  const kept = await control.findKept();
  if (kept === null) return;
  banner.show('kept', {
    kind: 'info',
    text: `A run that stopped at step ${sayCount(kept.step)} is kept in this browser.`,
    action: {
      label: 'Continue it',
      act: () => {
        banner.show('kept', null);
        control.resume(kept);
      },
    },
  });
}
