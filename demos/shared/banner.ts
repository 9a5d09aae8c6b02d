/** One place at the top of a page for what the visitor must know, in plain words; several notices may stand there. */
import type { AdapterRecord } from '../../src/lab/record';
import { make } from './dom';

export interface Notice {
  readonly kind: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly action?: { readonly label: string; readonly act: () => void };
}

export interface Banner {
  readonly element: HTMLElement;
  /** Shows a notice under a name, replacing the one of that name; null takes it away. */
  show(name: string, notice: Notice | null): void;
}

export function createBanner(): Banner {
  const element = make('div', { class: 'banner', id: 'banner', role: 'status' });
  const shown = new Map<string, HTMLElement>();
  return {
    element,
    show(name, notice) {
      const old = shown.get(name);
      if (notice === null) {
        old?.remove();
        shown.delete(name);
        return;
      }
      if (old?.dataset['text'] === notice.text) return;
      const { action } = notice;
      const line = make('p', { class: notice.kind, 'data-notice': name }, notice.text);
      line.dataset['text'] = notice.text;
      if (action !== undefined) {
        line.append(
          ' ',
          make('button', { type: 'button', class: 'quiet', onclick: action.act }, action.label),
        );
      }
      const hide = make(
        'button',
        { type: 'button', class: 'quiet', 'aria-label': 'Hide this notice' },
        'Hide',
      );
      hide.addEventListener('click', () => line.remove());
      line.append(' ', hide);
      if (old === undefined) element.append(line);
      else old.replaceWith(line);
      shown.set(name, line);
    },
  };
}

/** What is missing when a run fell back to the CPU or to a software adapter, what still works, and what helps. */
export function adviseAdapter(adapter: AdapterRecord, reason: string | null): Notice | null {
  if (adapter.runtime === 'cpu') {
    return {
      kind: 'warning',
      text:
        `${whyNoGpu()} ${reason === null ? '' : `(${reason.replace(/\.$/, '')}.) `}The same experiment runs on the CPU in float64, many times slower; ` +
        `everything on this page works. ${whatHelps()}`,
    };
  }
  if (adapter.fallback) {
    return {
      kind: 'info',
      text:
        'This browser renders WebGPU in software, so runs are slow but the numbers are right. ' +
        'Turning on hardware acceleration in the browser’s settings helps.',
    };
  }
  return null;
}

/** Why this page has no WebGPU, and what helps: a sentence each. */
export function whyNoGpu(): string {
  if (!isSecureContext)
    return 'WebGPU is not available, because this page was not loaded over https.';
  if (!('gpu' in navigator)) return 'This browser has no WebGPU.';
  return 'This browser has WebGPU but found no usable graphics adapter.';
}

export function whatHelps(): string {
  if (!isSecureContext) return 'Open it over https or from localhost.';
  if (!('gpu' in navigator)) {
    return 'Chrome or Edge 113, Safari 26 and Firefox 141 or later have it on most machines.';
  }
  return 'Hardware acceleration may be off, or the driver may be on the browser’s block list.';
}
