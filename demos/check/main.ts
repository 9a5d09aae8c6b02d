/** The self-check page: runs the parity table on this device and prints a row as soon as it is known. */
import type { CheckRow } from '../../src/lab/check';
import { CuspError } from '../../src/gpu/errors';
import { sayAdapter } from '../shared/badge';
import { adviseAdapter, createBanner } from '../shared/banner';
import { find, make } from '../shared/dom';
import { createThemeButton, followTheme } from '../shared/theme';
import { sayDuration, sayNumber } from '../shared/words';

followTheme();
document.querySelector('header.site')?.append(createThemeButton());
const banner = createBanner();
find('notices').append(banner.element);
const button = find('run') as HTMLButtonElement;
const status = find('status');
const rows = find('rows');

function addRow({ name, cases, error, bound, passed }: CheckRow): void {
  // Exact operations are allowed no error at all; a ratio would be 0 / 0.
  const ratio = bound > 0 ? sayNumber(error / bound) : error === 0 ? 'exact' : '∞';
  const cells = [String(cases), sayNumber(error), bound > 0 ? sayNumber(bound) : '0', ratio];
  rows.append(
    make(
      'tr',
      { class: passed ? 'passed' : 'failed' },
      make('th', { scope: 'row' }, name),
      ...cells.map((text) => make('td', {}, text)),
      make('td', {}, passed ? 'passed' : 'failed'),
    ),
  );
}

async function check(): Promise<void> {
  button.disabled = true;
  rows.replaceChildren();
  banner.show('trouble', null);
  status.textContent = 'asking for the GPU';
  const started = performance.now();
  try {
    const [{ openGpu }, { runChecks }] = await Promise.all([
      import('../../src/gpu/open'),
      import('../../src/lab/check'),
    ]);
    const gpu = await openGpu();
    try {
      const adapter = { runtime: 'chrome' as const, ...gpu.adapter };
      find('deck').textContent = `On ${sayAdapter(adapter)}.`;
      banner.show('adapter', adviseAdapter(adapter, null));
      let done = 0;
      const { passed, failed } = await runChecks(gpu, (row) => {
        addRow(row);
        done++;
        status.textContent = `running, ${done} kernels and gradients so far`;
      });
      const time = sayDuration((performance.now() - started) / 1000);
      status.textContent = `done in ${time}: ${passed} passed, ${failed} failed`;
    } finally {
      gpu.close();
    }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const kind =
      error instanceof CuspError && error.kind === 'GpuUnavailable' ? 'warning' : 'error';
    banner.show('trouble', { kind, text: `The check did not run to its end. ${said}` });
    status.textContent = 'stopped';
  } finally {
    button.disabled = false;
    button.textContent = 'Run again';
  }
}

button.addEventListener('click', () => void check());
