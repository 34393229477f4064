import { chromium } from 'playwright-core';
import { startApp } from '../support/app.ts';
import { OWNER, signInOwner, signInStaff } from '../support/desk.ts';
import { findViolations } from '../browser/support/axe.ts';
import { makeLink } from '../../src/people/links.ts';

const app = await startApp();
const owner = await signInOwner(app);
const staff = await signInStaff(app);
const { store, clock } = app.deps;
const add = (email: string, name: string, more: object) => store.addPerson({ email, name, role: 'staff', passwordHash: 'x', linkHash: null, linkUntil: null, locale: null, isFirst: false, now: clock.now(), ...more } as never);
const link = makeLink(app.deps);
await add('a.very.long.address.of.somebody.with.a.long.name@subdomain.of.a.long.shop.example.com.tw', '陳林美惠子 · Alexandra Montgomery-Featherstonehaugh', { passwordHash: null, ...link.fields, mayRefund: true });
const gone = await add('gone@shop.example', '王先生', { role: 'owner' });
await store.changePerson(gone!.id, { fields: { disabledAt: clock.now() }, endsSessions: true, now: clock.now() });
await owner.post(`/admin/people/${staff.person.id}/refunds`, { allowed: 'on' });
await owner.post('/admin/account/profile', { name: OWNER.name, language: 'zh-tw' });
await owner.post('/admin/people/999/disable');
await owner.post('/admin/account/email', { current: 'x', email: 'nonsense' });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const only = process.argv[2];
const names: [string, string, boolean][] = [
  ['login', '/admin/login', false], ['code', '/admin/login/code', false], ['welcome', `/admin/welcome/${link.token}`, false], ['gone', '/admin/welcome/xyz', false],
  ['people', '/admin/people', true], ['person', `/admin/people/${staff.person.id}`, true], ['account', '/admin/account', true], ['totp', '/admin/account/totp', true], ['audit', '/admin/audit', true], ['audit-empty', '/admin/audit?action=nothing', true],
];
for (const [size, viewport] of [['phone', { width: 360, height: 740 }], ['desk', { width: 1280, height: 800 }]] as const)
  for (const scheme of ['light', 'dark'] as const)
    for (const locale of ['zh-tw', 'en']) {
      if (scheme === 'dark' && locale === 'en') continue;
      const context = await browser.newContext({ viewport, colorScheme: scheme });
      const troubles: string[] = [];
      for (const [name, path, signed] of names) {
        if (only && !name.startsWith(only)) continue;
        await context.clearCookies();
        const cookies = [{ name: 'paycore_view', value: `0.live.${locale}`, url: app.url }];
        if (signed) cookies.push(...[...owner.cookies].filter(([n]) => n === 'paycore_session').map(([n, v]) => ({ name: n, value: v, url: app.url })));
        if (name === 'code') cookies.push({ name: 'paycore_step', value: 'x', url: app.url });
        await context.addCookies(cookies);
        const page = await context.newPage();
        page.on('console', (m) => m.type() === 'error' && troubles.push(`${name}: ${m.text()}`));
        await page.goto(app.url + path);
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        if (wide) troubles.push(`${name} ${size}: ${wide}px too wide`);
        if (size === 'phone' && locale === 'en' || scheme === 'dark') troubles.push(...(await findViolations(page)).map((v) => `${name} ${scheme} ${size}: ${v}`));
        if (name === 'account' && size === 'phone' && scheme === 'light') {
          await page.screenshot({ path: `/tmp/people-shots/${name}-${size}-${scheme}-${locale}.png`, fullPage: true });
          await page.fill('#email-current', 'wrong'); await page.fill('#email', 'x@y.z'); await page.click('[data-action=change-email] button');
          await page.waitForLoadState();
          await page.screenshot({ path: `/tmp/people-shots/${name}-wrong-${size}-${scheme}-${locale}.png`, fullPage: true });
        } else await page.screenshot({ path: `/tmp/people-shots/${name}-${size}-${scheme}-${locale}.png`, fullPage: true });
        await page.close();
      }
      await context.close();
      console.log(size, scheme, locale, troubles);
    }
await browser.close();
await app.stop();
process.exit(0);
