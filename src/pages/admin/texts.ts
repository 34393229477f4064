import { readFileSync } from 'node:fs';
import type attention from '../../../web/locales/admin/zh-tw/attention.json';
import type audit from '../../../web/locales/admin/zh-tw/audit.json';
import type backups from '../../../web/locales/admin/zh-tw/backups.json';
import type callbacks from '../../../web/locales/admin/zh-tw/callbacks.json';
import type deliveries from '../../../web/locales/admin/zh-tw/deliveries.json';
import type frame from '../../../web/locales/admin/zh-tw/frame.json';
import type links from '../../../web/locales/admin/zh-tw/links.json';
import type login from '../../../web/locales/admin/zh-tw/login.json';
import type overview from '../../../web/locales/admin/zh-tw/overview.json';
import type payment from '../../../web/locales/admin/zh-tw/payment.json';
import type payments from '../../../web/locales/admin/zh-tw/payments.json';
import type people from '../../../web/locales/admin/zh-tw/people.json';
import type problem from '../../../web/locales/admin/zh-tw/problem.json';
import type project from '../../../web/locales/admin/zh-tw/project.json';
import type projects from '../../../web/locales/admin/zh-tw/projects.json';
import type refunds from '../../../web/locales/admin/zh-tw/refunds.json';
import type settings from '../../../web/locales/admin/zh-tw/settings.json';
import type setup from '../../../web/locales/admin/zh-tw/setup.json';
import type unmatched from '../../../web/locales/admin/zh-tw/unmatched.json';
import { resolveAsset } from '../../assets.ts';
import type { DeskLocale } from '../../core/locale.ts';
import { fillPlaces, type Values } from '../text.ts';

/** The files that the desk's sentences stand in, one for each page. */
export const TEXT_PARTS = [
  'frame',
  'login',
  'setup',
  'overview',
  'attention',
  'payments',
  'payment',
  'refunds',
  'deliveries',
  'unmatched',
  'projects',
  'project',
  'links',
  'callbacks',
  'backups',
  'audit',
  'settings',
  'people',
  'problem',
] as const;

/** Every sentence has a key, and every locale has every key: a test sees to it. */
export type DeskText = keyof (typeof attention &
  typeof audit &
  typeof backups &
  typeof callbacks &
  typeof deliveries &
  typeof frame &
  typeof links &
  typeof login &
  typeof overview &
  typeof payment &
  typeof payments &
  typeof people &
  typeof problem &
  typeof project &
  typeof projects &
  typeof refunds &
  typeof settings &
  typeof setup &
  typeof unmatched);

/** `say('frame.todo', {count: 3})` */
export type Say = (key: DeskText, values?: Values) => string;

const loaded = new Map<DeskLocale, Say>();

/** One locale's sentences, those of every page together. */
export function speakDesk(locale: DeskLocale): Say {
  const known = loaded.get(locale);
  if (known) return known;
  const texts: Record<string, string> = Object.assign(
    {},
    ...TEXT_PARTS.map((part) => JSON.parse(readFileSync(resolveAsset(`locales/admin/${locale}/${part}.json`), 'utf8'))),
  );
  const say: Say = (key, values = {}) => fillPlaces(texts[key] ?? key, values);
  loaded.set(locale, say);
  return say;
}

/** For keys that are made of a word of the data: `status.` and `paid`. The key itself where there is no such sentence. */
export function sayOf(say: Say, group: string, word: string): string {
  return say(`${group}.${word}` as DeskText);
}
