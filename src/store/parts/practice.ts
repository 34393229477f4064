import type { Bound } from '../bind.ts';
import { hasPractice } from '../queries/practice.ts';

/** Whether the built-in simulator is wanted. */
export interface PracticeStore {
  /** Some project uses the simulator's account at some gateway. */
  hasPractice(): Promise<boolean>;
}

export function practiceStore({ query }: Bound): PracticeStore {
  return { hasPractice: query(hasPractice) };
}
