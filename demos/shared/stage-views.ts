/** Views of a run in stages, by network: each stage sends one tensor of all its networks, [R, …], and this takes it apart. */
import type { Session } from './session';
import type { Snapshot, StageBegun } from './session-state';

export interface StageViews {
  /** Snapshots of a network, oldest first. */
  of(name: string, entry: number): readonly Snapshot[];
  /** The last at or before a step of the network; null follows it. */
  at(name: string, entry: number, step: number | null): Snapshot | null;
  /** Stages begun, in order. */
  stages(): readonly StageBegun[];
}

const most = 120;

export function createStageViews(session: Session): StageViews {
  const kept = new Map<string, Snapshot[]>();
  let stages: StageBegun[] = [];
  const key = (name: string, entry: number): string => `${name}.${entry}`;
  const seen = new Map<string, Snapshot>();

  function takeIn(): void {
    const { stage, views } = session.state;
    if (stage === null) return;
    for (const [name, list] of views) {
      const last = list.at(-1);
      if (last === undefined || seen.get(name) === last) continue;
      seen.set(name, last);
      const [replicas = 0, ...shape] = last.shape;
      if (replicas !== stage.entries.length) continue;
      const size = last.data.length / replicas;
      stage.entries.forEach((entry, replica) => {
        const data = last.data.subarray(replica * size, (replica + 1) * size);
        keep(key(name, entry), { step: last.step, shape, data });
      });
    }
  }

  function keep(at: string, snapshot: Snapshot): void {
    let list = kept.get(at);
    if (list === undefined) kept.set(at, (list = []));
    while (list.length > 0 && (list.at(-1) as Snapshot).step >= snapshot.step) list.pop();
    list.push(snapshot);
    if (list.length <= most) return;
    const last = list.length - 1;
    list.splice(0, list.length, ...list.filter((_, index) => index % 2 === 0 || index === last));
  }

  session.listen((topic) => {
    if (topic === 'status' && session.state.config === null) {
      kept.clear();
      seen.clear();
      stages = [];
    }
    if (topic === 'stage' && session.state.stage !== null) stages.push(session.state.stage);
    if (topic === 'view') takeIn();
  });

  return {
    of: (name, entry) => kept.get(key(name, entry)) ?? [],
    at(name, entry, step) {
      const list = kept.get(key(name, entry)) ?? [];
      if (step === null) return list.at(-1) ?? null;
      return list.findLast((one) => one.step <= step) ?? list[0] ?? null;
    },
    stages: () => stages,
  };
}
