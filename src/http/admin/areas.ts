import type { Deps } from '../../deps.ts';
import type { Services } from '../../payments/index.ts';
import { attentionDesk } from './attention.ts';
import { auditDesk } from './audit.ts';
import { backupsDesk } from './backups.ts';
import { callbacksDesk } from './callbacks.ts';
import { deliveriesDesk } from './deliveries.ts';
import type { DeskArea } from './desk.ts';
import { linksDesk } from './links.ts';
import { loginDesk } from './login.ts';
import { overviewDesk } from './overview.ts';
import { paymentDesk } from './payment.ts';
import { paymentsDesk } from './payments.ts';
import { peopleDesk } from './people.ts';
import { projectDesk } from './project.ts';
import { projectsDesk } from './projects.ts';
import { refundsDesk } from './refunds.ts';
import { settingsDesk } from './settings.ts';
import { setupDesk } from './setup.ts';
import { unmatchedDesk } from './unmatched.ts';

const AREAS = [
  loginDesk,
  setupDesk,
  overviewDesk,
  attentionDesk,
  paymentsDesk,
  paymentDesk,
  refundsDesk,
  deliveriesDesk,
  unmatchedDesk,
  projectsDesk,
  projectDesk,
  linksDesk,
  callbacksDesk,
  backupsDesk,
  auditDesk,
  settingsDesk,
  peopleDesk,
];

/** Every page and action of the desk there is. */
export function deskAreas(deps: Deps, services: Services): readonly DeskArea[] {
  return AREAS.map((area) => area(deps, services));
}
