import type { Alert } from '../core/alert.ts';
import { formatWall } from '../core/zone.ts';
import type { Deps } from '../deps.ts';
import { describeAlert, nameGateway, speakAlerts } from './words.ts';

/** A mail about one thing, or about several that came together. Plain text: it is read everywhere and hides nothing. */

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

type Parts = Pick<Deps, 'config' | 'publicUrl' | 'gateways' | 'store'>;

export async function writeLetter(deps: Parts, alerts: readonly Alert[]): Promise<Letter> {
  const say = speakAlerts(deps.config.locale);
  const names = new Map((await deps.store.listProjects()).map(({ id, name }) => [id, name]));
  const parts = alerts.map((alert) => writePart(deps, alert, names));
  const [first] = parts;
  const isOne = parts.length === 1;
  const subject = isOne ? (first?.title ?? '') : say('alerts.mail.many', { count: parts.length });
  const body = parts.map(({ title, lines }, at) => [isOne ? title : `${at + 1}. ${title}`, ...lines].join('\n'));
  return { subject: `PayCore: ${subject}`, text: [...body, writeFoot(deps)].join('\n\n') };
}

function writePart(deps: Parts, alert: Alert, names: ReadonlyMap<number, string>) {
  const say = speakAlerts(deps.config.locale);
  const { title, text, adminUrl } = describeAlert(deps, alert);
  const { data, paymentNo, projectId, createdAt } = alert;
  const facts = {
    order: data.order_no,
    amount: data.amount,
    project: projectId === null ? null : names.get(projectId),
    gateway: data.gateway === undefined ? null : nameGateway(deps, data.gateway),
    payment: paymentNo,
    at: formatWall(createdAt, deps.config.timezone),
  };
  const told = Object.entries(facts).filter(([, fact]) => fact !== null && fact !== undefined && fact !== '');
  const lines = told.map(([name, fact]) => `${say(`alerts.fact.${name}`)}: ${fact}`);
  return { title, lines: [text, '', ...lines, '', `${say('alerts.mail.act')}: ${adminUrl}`] };
}

export function writeFoot({ config, publicUrl }: Pick<Deps, 'config' | 'publicUrl'>): string {
  const say = speakAlerts(config.locale);
  return `-- \n${say('alerts.mail.foot', { url: publicUrl, settings: `${publicUrl}/admin/settings` })}\n`;
}
