/** Which device made the numbers, in a few words. */
import type { AdapterRecord } from '../../src/lab/record';

export function sayAdapter(adapter: AdapterRecord): string {
  if (adapter.runtime === 'cpu') return 'CPU reference (float64)';
  const name =
    adapter.description !== ''
      ? adapter.description
      : [adapter.vendor, adapter.architecture].filter((part) => part !== '').join(' ');
  const kind = adapter.fallback ? 'software WebGPU' : 'WebGPU';
  return name === '' ? kind : `${name} (${kind})`;
}
