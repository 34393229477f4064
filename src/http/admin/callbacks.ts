import type { Deps } from '../../deps.ts';
import { CallbacksPage } from '../../pages/admin/callbacks.tsx';
import { findAddressFlaw, listCallbackAddresses } from '../../payments/callback/addresses.ts';
import type { Services } from '../../payments/index.ts';
import type { DeskArea } from './desk.ts';

/** The addresses that gateways call, and when each of them did. */
export function callbacksDesk(deps: Deps, _services: Services): DeskArea {
  return {
    pages: [
      {
        path: '/admin/callbacks',
        page: 'callbacks',
        right: 'staff',
        show: async (visit) => {
          const { publicUrl } = deps;
          const callbacks = await listCallbackAddresses(deps, visit.view);
          const model = { publicUrl, flaw: findAddressFlaw(publicUrl), callbacks };
          return { title: visit.say('page.callbacks'), body: CallbacksPage({ frame: visit, model }) };
        },
      },
    ],
    actions: [],
  };
}
