import { cleanText, safePath, safeUrl } from '../safe.ts';
import type { PageModel } from './model.ts';

/**
 * The same page, safe to draw whoever has written what is on it: names without marks that reorder text, and no address
 * that a browser must not be sent to. Numbers to pay with are cleaned where they are drawn.
 */
export function checkModel(model: PageModel): PageModel {
  const { change, inApp, inSite, element } = model;
  return {
    ...model,
    shopName: cleanText(model.shopName),
    gateway: cleanText(model.gateway),
    merchantOrderNo: cleanText(model.merchantOrderNo),
    itemName: model.itemName === null ? null : cleanText(model.itemName),
    pageUrl: safeUrl(model.pageUrl),
    statusUrl: safePath(model.statusUrl),
    startAction: safePath(model.startAction),
    calendarUrl: safePath(model.calendarUrl ?? null),
    pictureUrl: safePath(model.pictureUrl ?? null),
    guideUrl: safeUrl(model.guideUrl),
    successUrl: safeUrl(model.successUrl),
    practiceUrl: model.livemode ? null : safeUrl(model.practiceUrl),
    homeUrl: safeUrl(model.homeUrl),
    ...(change
      ? {
          change: {
            listUrl: safePath(change.listUrl),
            action: safePath(change.action),
            choices: change.choices.map((one) => ({ ...one, gateway: cleanText(one.gateway) })),
          },
        }
      : {}),
    ...(inApp ? { inApp: { ...inApp, openUrl: safeUrl(inApp.openUrl) } } : {}),
    ...(inSite ? { inSite: { formUrl: safePath(inSite.formUrl), payUrl: safePath(inSite.payUrl) } } : {}),
    ...(element ? { element: { ...element, scriptUrl: safeUrl(element.scriptUrl) } } : {}),
  };
}
