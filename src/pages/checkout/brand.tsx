import { cleanText, safeUrl } from '../safe.ts';
import type { Say } from '../text.ts';
import { OutLink } from './buttons.tsx';
import type { Brand } from './model.ts';

/** `;`, `,` and `*` may stand in the host of an address, and would say something else in a content policy. */
const PLAIN_ORIGIN = /^https:\/\/[a-z0-9.-]+(:\d+)?$/;

/** The logo's address where it may be drawn: over https, from a host that a content policy can name. */
function logoOf(brand: Brand | undefined): { readonly url: string; readonly origin: string } | null {
  const url = safeUrl(brand?.logoUrl);
  if (!url) return null;
  const { origin } = new URL(url);
  return PLAIN_ORIGIN.test(origin) ? { url, origin } : null;
}

/** Origins of the pictures on a page with this branding: what its content policy has to let in. */
export function listPictures(brand: Brand | undefined): readonly string[] {
  const logo = logoOf(brand);
  return logo ? [logo.origin] : [];
}

/** Beside the name, whose place it does not take: what cannot be loaded leaves nothing missing. */
export function Logo({ brand, shop }: { brand: Brand | undefined; shop: string }) {
  const logo = logoOf(brand);
  if (!logo) return null;
  // The address of this page opens the payment, so it is told to nobody.
  return <img class="logo" src={logo.url} alt={shop} height="32" referrerpolicy="no-referrer" data-logo />;
}

export function Contact({ brand, say }: { brand: Brand | undefined; say: Say }) {
  const text = cleanText(brand?.contact ?? '');
  if (text === '') return null;
  const href = addressOf(text);
  return (
    <p class="contact">
      {say('page.contact')}
      <ContactLink href={href} text={text} />
    </p>
  );
}

function ContactLink({ href, text }: { href: string | null; text: string }) {
  const shown = <bdi>{text}</bdi>;
  if (href === null) return shown;
  return /^https:/i.test(href) ? <OutLink href={href}>{shown}</OutLink> : <a href={href}>{shown}</a>;
}

const MAIL = /^[^\s@:/?&#%,;<>"]+@[^\s@:/?&#%,;<>"]+\.[^\s@:/?&#%,;<>"]+$/;
/** What follows `#` is dialled by hand once somebody has answered. */
const PHONE = /^(\+?[\d ()-]{6,24})(#\s?\d{1,6})?$/;
const MIN_DIGITS = 6;

/** What a contact leads to when it is one address, one number, or one site; a sentence leads nowhere. */
function addressOf(text: string): string | null {
  if (MAIL.test(text)) return `mailto:${text}`;
  const number = PHONE.exec(text)?.[1]?.replace(/[^\d+]/g, '') ?? '';
  if (number.length >= MIN_DIGITS) return `tel:${number}`;
  return /^https:\/\/\S+$/i.test(text) ? safeUrl(text) : null;
}
