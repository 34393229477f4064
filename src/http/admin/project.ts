import type { Deps } from '../../deps.ts';
import type { Services } from '../../payments/index.ts';
import type { DeskArea } from './desk.ts';
import { brandingDesk } from './project/branding.ts';
import { credentialsDesk } from './project/credentials.ts';
import { keysDesk } from './project/keys.ts';
import { methodsDesk } from './project/methods.ts';
import { notificationsDesk } from './project/notifications.ts';

/** One project: each part of its page under an address of its own. */
export function projectDesk(deps: Deps, services: Services): DeskArea {
  const parts = [
    keysDesk(deps),
    credentialsDesk(deps, services),
    methodsDesk(deps),
    brandingDesk(deps),
    notificationsDesk(deps),
  ];
  return {
    pages: parts.flatMap(({ pages }) => pages),
    actions: parts.flatMap(({ actions }) => actions),
  };
}
