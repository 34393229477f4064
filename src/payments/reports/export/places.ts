/** How many sheets may be written at once: one for each person, few in all, so that the others wait for nothing. */
const MOST = 3;

export type Taken = 'own' | 'full';

/** Whoever was given a place gives it back, once. */
export interface Place {
  readonly leave: () => void;
}

export function createExportPlaces(most = MOST) {
  const writing = new Set<number>();
  return {
    /** `own`: this person has one under way; `full`: others have. */
    take(personId: number): Place | Taken {
      if (writing.has(personId)) return 'own';
      if (writing.size >= most) return 'full';
      writing.add(personId);
      return { leave: () => void writing.delete(personId) };
    },
  };
}

export type ExportPlaces = ReturnType<typeof createExportPlaces>;
