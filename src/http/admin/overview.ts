import type { Deps } from '../../deps.ts';
import { OverviewPage } from '../../pages/admin/overview.tsx';
import type { Services } from '../../payments/index.ts';
import type { DeskArea } from './desk.ts';

export function overviewDesk(_deps: Deps, _services: Services): DeskArea {
  return {
    pages: [
      {
        path: '/admin',
        page: 'overview',
        right: 'staff',
        show: async (visit) => ({ title: visit.say('page.overview'), body: OverviewPage({ frame: visit }) }),
      },
    ],
    actions: [],
  };
}
