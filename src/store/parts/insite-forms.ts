import type { Bound } from '../bind.ts';
import * as forms from '../commands/insite-forms.ts';
import { type FoundForm, findInSiteForm } from '../queries/insite-forms.ts';

/** Forms of payments in our own page, so that every process shows the same one; sealed by whoever keeps them. */
export interface InSiteFormStore {
  /** In the place of what was kept for the attempt before. */
  keepInSiteForm(form: forms.KeptForm): Promise<void>;
  findInSiteForm(attemptId: number, now: number): Promise<FoundForm | null>;
}

export function inSiteFormStore({ query, command }: Bound): InSiteFormStore {
  return {
    keepInSiteForm: command(forms.keepInSiteForm),
    findInSiteForm: query(findInSiteForm),
  };
}
