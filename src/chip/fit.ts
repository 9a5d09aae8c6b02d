/** Whether the state of a chain or a network fits on the chip, and who runs it there: an invocation or a team of them. */
import type { Traits } from '../plan/types';
import { factsOf, type OnLayout } from './facts';

/** What is to run, as far as its size goes. */
export interface Demand extends OnLayout {
  /** Chains, or networks in training. */
  readonly replicas: number;
  /** Planes of P floats a replica keeps: parameters, gradient, and what the method adds. */
  readonly planes: number;
  /** The method, in words for the reason. */
  readonly method: string;
  /** What a replica is called there. */
  readonly noun: 'chain' | 'network';
}

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

/**
 * Invocations of a workgroup: a SIMD unit's. SwiftShader writes code that zeroes workgroup memory word by word, so that large
 * workgroups compile for seconds and run no faster.
 */
export const LANES = { gpu: 32, software: 8 } as const;
/** On a GPU more chains than this keep it busy with an invocation each; fewer are faster in teams. */
const CROWD = 8192;
const LARGEST_TEAM = 128;
/** Samples visited together, most first. */
const LANE_BATCHES = [8, 4, 2, 1];
const TEAM_BATCHES = [32, 16, 8, 4, 2, 1];
/** Bytes a member of a team adds for sums. */
const EXCHANGE_BYTES = 16;

/** Pure: by size, method and adapter alone. `variant` forces one, for tests and measurements. */
export function chooseFit(
  traits: Traits,
  demand: Demand,
  forced?: 'lane' | 'team',
): Chosen | Refused {
  const prefersLanes = !traits.barriers || demand.replicas >= CROWD;
  const lane = sizeLane(traits, demand);
  const team = sizeTeam(traits, demand);
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
  const { floats } = floatsOf(demand, 1);
  const { noun, layout, method } = demand;
  return {
    variant: null,
    reason: `a ${noun} of ${layout.stride} parameters keeps ${kibibytes(4 * floats)} under ${method}, a workgroup holds ${kibibytes(traits.maxWorkgroupBytes)}: general path`,
  };
}

/** Floats a chain keeps on the chip when up to `batch` samples are visited together. */
function floatsOf(demand: Demand, batch: number): { floats: number; width: number } {
  const { scratch, width } = factsOf(demand, batch);
  return { floats: demand.planes * demand.layout.stride + scratch, width };
}

/** Prefers full SIMD units to many samples at once. */
function sizeLane(traits: Traits, demand: Demand): Chosen | null {
  const most = Math.min(lanesOf(traits), traits.maxInvocations);
  let found: Chosen | null = null;
  for (const batch of LANE_BATCHES) {
    const { floats } = floatsOf(demand, batch);
    const room = Math.min(most, Math.floor(traits.maxWorkgroupBytes / (4 * floats)));
    const chains = room > 4 ? room - (room % 4) : room;
    if (chains === 0 || chains <= (found?.chains ?? 0)) continue;
    found = {
      variant: 'lane',
      workgroup: chains,
      chains,
      team: 1,
      batch,
      bytes: 4 * floats * chains,
      reason: `${describe(demand, floats)}, an invocation a ${demand.noun}`,
    };
  }
  return found;
}

function sizeTeam(traits: Traits, demand: Demand): Chosen | null {
  const most = Math.min(LARGEST_TEAM, traits.maxInvocations);
  for (const batch of TEAM_BATCHES) {
    const { floats, width } = floatsOf(demand, batch);
    let team = 2;
    while (team < most && team < Math.max(width, demand.layout.stride / 4)) team *= 2;
    const bytesOf = (chains: number): number => chains * (4 * floats + EXCHANGE_BYTES * team);
    if (bytesOf(1) > traits.maxWorkgroupBytes) continue;
    // Small teams share a workgroup, so that it fills a SIMD unit.
    let chains = 1;
    while (team * chains < lanesOf(traits) && bytesOf(2 * chains) <= traits.maxWorkgroupBytes)
      chains *= 2;
    return {
      variant: 'team',
      workgroup: team * chains,
      chains,
      team,
      batch,
      bytes: bytesOf(chains),
      reason: `${describe(demand, floats)}, ${team} invocations a ${demand.noun}`,
    };
  }
  return null;
}

function describe({ layout, noun, method }: Demand, floats: number): string {
  return `${layout.stride} parameters a ${noun}, ${method}: ${kibibytes(4 * floats)} on the chip`;
}

const lanesOf = ({ barriers }: Traits): number => LANES[barriers ? 'gpu' : 'software'];

function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

/** Overrides of lib/chip/memory.wgsl, of the target and of the variant. */
export function memoryOverrides(
  on: OnLayout,
  chosen: Chosen,
  planes: number,
): Record<string, number> {
  const { target, layout } = on;
  const { variant, team, workgroup, chains, batch } = chosen;
  const { scratch, overrides } = factsOf(on, batch);
  const memory = { STRIDE: layout.stride, PLANES: planes, SCRATCH: scratch, CHAINS: chains };
  if (variant === 'lane') return { ...memory, ...overrides };
  const own = { ...memory, ...overrides, TEAM: team, WORKGROUP: workgroup };
  const network = target.kind === 'network' || target.kind === 'linear-network';
  return network ? { ...own, SIDE: 2 ** Math.floor(Math.log2(team) / 2) } : own;
}
