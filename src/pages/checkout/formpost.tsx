import { formatMoney } from '../format.ts';
import { cleanText, safePath, safeUrl } from '../safe.ts';
import { speak } from '../text.ts';
import { renderDocument } from './document.tsx';
import type { FormPostModel } from './model.ts';

/**
 * Carries the payer to the gateway: submit.js presses the button, a browser without scripts shows it. Throws when the
 * address is none a browser may be sent to, because the signed fields must not go anywhere else.
 */
export function renderFormPost(model: FormPostModel): string {
  const action = safeUrl(model.action);
  if (!action) throw new Error('expected an http(s) address to post the payment form to');
  const say = speak(model.locale);
  const gateway = cleanText(model.gatewayName);
  const shop = cleanText(model.shopName);
  const item = cleanText(model.itemName ?? '');
  const backUrl = safePath(model.backUrl) ?? safeUrl(model.backUrl);
  const homeUrl = safeUrl(model.homeUrl);
  return renderDocument({
    locale: model.locale,
    title: say('post.title', { gateway }),
    shopName: model.shopName,
    homeUrl,
    brand: model.brand,
    test: model.livemode === false,
    scripts: ['submit'],
    children: (
      <main class="card message">
        <h1>{say('post.title', { gateway })}</h1>
        {item !== '' && (
          <p class="item">
            <bdi>{item}</bdi>
          </p>
        )}
        <p>
          <bdi>{say('post.text', { shop, amount: formatMoney(model.amount, model.currency, model.locale) })}</bdi>
        </p>
        <form method="post" action={action} accept-charset="utf-8" data-submit>
          {Object.entries(model.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <p class="aside">{say('post.hint')}</p>
          <button type="submit" class="button">
            {say('post.button', { gateway })}
          </button>
        </form>
        <div class="ways">
          {backUrl && <a href={backUrl}>{say('post.back')}</a>}{' '}
          {homeUrl && (
            <a href={homeUrl} data-home>
              {say('shop.back')}
            </a>
          )}
        </div>
      </main>
    ),
  });
}
