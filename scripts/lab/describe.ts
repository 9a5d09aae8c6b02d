/** What a runtime sees of its device. */
import type { Gpu } from '../../src/gpu/open';

export interface DeviceDescription {
  readonly adapter: Gpu['adapter'];
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

export function describeDevice({ device, adapter }: Gpu): DeviceDescription {
  const limits: Record<string, number> = {};
  for (const name in device.limits) {
    const value = (device.limits as unknown as Record<string, unknown>)[name];
    if (typeof value === 'number') limits[name] = value;
  }
  return { adapter, features: [...device.features].sort(), limits };
}
