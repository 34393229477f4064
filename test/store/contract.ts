import { describe, expect, test } from 'bun:test';
import type { TableName } from '../../src/store/kit.ts';
import { tables } from '../../src/store/schema/sqlite/index.ts';
import { findRows } from '../../src/store/table.ts';
import type { EngineName } from '../support/engines.ts';
import { describeAlerts } from './alerts-contract.ts';
import { describeCallbacks } from './callbacks-contract.ts';
import { describeClaims } from './claims-contract.ts';
import { describeClock } from './clock-contract.ts';
import { describeDeliveries } from './deliveries-contract.ts';
import { describeDeltas } from './deltas-contract.ts';
import { describeDesk } from './desk-contract.ts';
import { describeDeskSearch } from './desk-search.ts';
import { describeEndings } from './endings-contract.ts';
import { describeFacts } from './facts-contract.ts';
import { describeFigures } from './figures-contract.ts';
import { describeLanguages } from './languages-contract.ts';
import { describeLinkPayments } from './link-payments-contract.ts';
import { describeLinks } from './links-contract.ts';
import { describeLogins } from './logins-contract.ts';
import { describeMoments } from './moments-contract.ts';
import { describeMoving } from './moving-contract.ts';
import { type OpenEngine, openerOf, twoStoresOf } from './open.ts';
import { describeOpening } from './opening-contract.ts';
import { describeOrder } from './order-contract.ts';
import { describeOutbox } from './outbox-contract.ts';
import { describePaymentPage } from './payment-page-contract.ts';
import { describePractice } from './practice-contract.ts';
import { describeRefunds } from './refunds-contract.ts';
import { describeSchedule } from './schedule-contract.ts';
import { describeTexts } from './texts-contract.ts';
import { describeTroubles } from './troubles-contract.ts';

/** What the store promises, whichever engine it stands on, to one process and to two at a time. */
export function describeStore(engine: EngineName): void {
  const [open, openTwo] = [openerOf(engine), twoStoresOf(engine)];
  describe(`the store on ${engine}`, () => {
    describeTables(open);
    describeOpening(openTwo);
    describeFacts(openTwo);
    describe('words that overtake each other', () => describeOrder(openTwo));
    describeMoving(openTwo);
    describe('a payment of a link', () => describeLinkPayments(openTwo));
    describeMoments(openTwo);
    describeEndings(openTwo);
    describeSchedule(openTwo);
    describe('a clock that is put back', () => describeClock(openTwo));
    describeTexts(openTwo);
    describeRefunds(open);
    describeLinks(open);
    describeOutbox(open);
    describe('alerts', () => describeAlerts(openTwo));
    describeDeliveries(open);
    describe('callbacks as a desk sees them', () => describeCallbacks(open));
    describe('signing in', () => describeLogins(openTwo));
    describeDesk(open);
    describePaymentPage(open);
    describePractice(open);
    describeLanguages(open);
    describe('what one process does for all', () => describeClaims(openTwo));
    describe('a desk', () => describeDeskSearch(openTwo));
    describeFigures(openTwo);
    describe('figures that several processes change', () => describeDeltas(openTwo));
    describe('what needs a person:', () => describeTroubles(openTwo));
  });
}

function describeTables(open: OpenEngine): void {
  test('has every table that is declared, each with all of its columns', async () => {
    await using engine = await open();
    for (const name of Object.keys(tables) as TableName[]) expect(await findRows(engine.reader, name, {})).toEqual([]);
  });
}
