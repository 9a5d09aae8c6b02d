/** Whether a chain's state fits on the chip, and who runs it there: an invocation or a team of them. */
import type { Traits } from '../../plan/types';
import { factsOf } from './facts';
import { keptBy } from './method';
import type { ChainSpec } from './types';

export interface Chosen {
  readonly variant: 'lane' | 'team';
  /** Invocations of a workgroup. */
  readonly workgroup: number;
  /** Chains of a workgroup. */
  readonly chains: number;
  /** Invocations of a chain. */
  readonly team: number;
  /** Samples visited together; 1 for targets without any. */
  readonly batch: number;
  /** Workgroup memory. */
  readonly bytes: number;
  /** In words, for the run record. */
  readonly reason: string;
}

export interface Refused {
  readonly variant: null;
  readonly reason: string;
}

/** Chains of a workgroup: as many as invocations of a SIMD unit times what hides its latencies. */
const LANES = { gpu: 32, software: 64 } as const;
/** On a GPU more chains than this keep it busy with an invocation each; fewer are faster in teams. */
const CROWD = 8192;
const LARGEST_TEAM = 128;
/** Bytes a member of a team adds for sums. */
const EXCHANGE_BYTES = 16;

/** Pure: by size, method and adapter alone. `variant` forces one, for tests and measurements. */
export function chooseVariant(
  traits: Traits,
  spec: ChainSpec,
  forced?: 'lane' | 'team',
): Chosen | Refused {
  const chains = spec.keys.length;
  const prefersLanes = !traits.barriers || chains >= CROWD;
  const lane = sizeLane(traits, spec);
  const team = sizeTeam(traits, spec);
  const order =
    forced === 'lane'
      ? [lane]
      : forced === 'team'
        ? [team]
        : prefersLanes
          ? [lane, team]
          : [team, lane];
  const found = order.find((choice) => choice !== null);
  if (found) return found;
  const { floats } = chainFloats(spec, 1);
  return {
    variant: null,
    reason: `a chain of ${spec.layout.stride} parameters keeps ${kibibytes(4 * floats)} under ${spec.sampler.method}, a workgroup holds ${kibibytes(traits.maxWorkgroupBytes)}: general path`,
  };
}

/** Floats a chain keeps on the chip when up to `batch` samples are visited together. */
function chainFloats(
  spec: ChainSpec,
  most: number,
): { floats: number; batch: number; width: number } {
  const planes = 2 + keptBy(spec.sampler).planes.length;
  const { scratch, batch, width } = factsOf(spec, most);
  return { floats: planes * spec.layout.stride + scratch, batch, width };
}

function sizeLane(traits: Traits, spec: ChainSpec): Chosen | null {
  const { floats, batch } = chainFloats(spec, 8);
  const most = Math.min(LANES[traits.barriers ? 'gpu' : 'software'], traits.maxInvocations);
  let chains = Math.min(most, Math.floor(traits.maxWorkgroupBytes / (4 * floats)));
  if (chains === 0) return null;
  if (chains > 4) chains -= chains % 4;
  return {
    variant: 'lane',
    workgroup: chains,
    chains,
    team: 1,
    batch,
    bytes: 4 * floats * chains,
    reason: `${spec.layout.stride} parameters a chain, ${spec.sampler.method}: ${4 * floats} bytes on the chip, an invocation a chain`,
  };
}

function sizeTeam(traits: Traits, spec: ChainSpec): Chosen | null {
  const { floats, batch, width } = chainFloats(spec, 32);
  const most = Math.min(LARGEST_TEAM, traits.maxInvocations);
  let team = 2;
  while (team < most && team < Math.max(width, spec.layout.stride / 4)) team *= 2;
  const bytesOf = (chains: number): number => chains * (4 * floats + EXCHANGE_BYTES * team);
  while (team > 2 && bytesOf(1) > traits.maxWorkgroupBytes) team /= 2;
  if (bytesOf(1) > traits.maxWorkgroupBytes) return null;
  // Small teams share a workgroup, so that it fills a SIMD unit.
  let chains = 1;
  while (team * chains < LANES.gpu && bytesOf(2 * chains) <= traits.maxWorkgroupBytes) chains *= 2;
  return {
    variant: 'team',
    workgroup: team * chains,
    chains,
    team,
    batch,
    bytes: bytesOf(chains),
    reason: `${spec.layout.stride} parameters a chain, ${spec.sampler.method}: ${4 * floats} bytes on the chip, ${team} invocations a chain`,
  };
}

function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
