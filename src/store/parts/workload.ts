import type { Bound } from '../bind.ts';
import * as workload from '../queries/workload.ts';

/** What somebody who watches PayCore asks every few seconds; nothing of it looks at more than some thousand rows. */
export interface WorkloadStore {
  readWorkload(now: number): Promise<workload.Workload>;
  readFigureDeltas(): Promise<workload.WaitingDeltas>;
}

export function workloadStore({ query }: Bound): WorkloadStore {
  return { readWorkload: query(workload.readWorkload), readFigureDeltas: query(workload.readFigureDeltas) };
}
