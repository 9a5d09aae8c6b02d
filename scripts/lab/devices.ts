/** `lab devices`: what each runtime sees. A runtime that sees nothing says why and does not fail the others. */
import { cpus } from 'node:os';
import { withChrome } from './chrome';
import { describeDevice } from './describe';
import { openNodeGpu } from './node';
import { explain, readArguments, type Runtime } from './usage';

export async function devices(args: string[]): Promise<number> {
  readArguments(args, {});
  const found: Record<string, unknown> = {
    chrome: await attempt(() =>
      withChrome((page) => page.evaluate(() => globalThis.lab.describe())),
    ),
    node: await attempt(async () => {
      const gpu = await openNodeGpu();
      const description = describeDevice(gpu);
      gpu.close();
      return description;
    }),
    cpu: { processor: cpus()[0]?.model ?? 'unknown', threads: 1, precision: 'float64' },
  };
  for (const [runtime, device] of Object.entries(found)) {
    const { adapter, error } = device as { adapter?: object; error?: string };
    console.error(`${runtime.padEnd(7)} ${error ?? JSON.stringify(adapter ?? device)}`);
  }
  console.log(JSON.stringify(found));
  return 0;
}

/** Is there more than a software adapter? */
export async function hasRealGpu(runtime: Runtime): Promise<boolean> {
  if (runtime === 'cpu') return false;
  if (runtime === 'chrome') {
    const { adapter } = await withChrome((page) => page.evaluate(() => globalThis.lab.describe()));
    return !adapter.fallback;
  }
  const gpu = await openNodeGpu();
  const { fallback } = gpu.adapter;
  gpu.close();
  return !fallback;
}

async function attempt(describe: () => Promise<unknown>): Promise<unknown> {
  try {
    return await describe();
  } catch (error) {
    return { error: explain(error).message.split('\n')[0] };
  }
}
