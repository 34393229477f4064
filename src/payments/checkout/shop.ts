import { LINK_NO } from '../../core/ids.ts';
import type { Payment } from '../../core/payment.ts';
import type { ProjectSettings } from '../../core/settings.ts';
import { appendQuery, frontPageOf } from '../../core/shop-address.ts';
import { SECOND } from '../../core/time.ts';
import type { Deps } from '../../deps.ts';
import type { ShopSign } from '../../pages/checkout/model.ts';
import type { Project } from '../../store/queries/projects.ts';
import { brandOf, shopNameOf } from '../projects/projects.ts';

/** What payer pages tell of the shop, and the ways back to it. */

/** Whose payment it is, for those who may open its page. */
export function describeShop(project: Project | null, payment: Payment): ShopSign & { readonly livemode: boolean } {
  return { ...signOf(project), homeUrl: homeOf(payment, project?.settings ?? {}), livemode: payment.livemode };
}

/** Whose it is, without a word about the payment. */
export function signOf(project: Project | null): ShopSign {
  return { shopName: shopNameOf(project), brand: brandOf(project), homeUrl: project?.settings.shop_url ?? null };
}

/** The page after paying, told what became of the payment. */
export function successUrlOf(payment: Payment): string | null {
  return tell(payment.order.successUrl ?? payment.order.returnUrl, payment);
}

/** Back to the shop. Who has paid is never led to the address for giving up: a shop may cancel the order there. */
export function homeOf(payment: Payment, { shop_url }: ProjectSettings): string | null {
  const { successUrl, returnUrl, cancelUrl } = payment.order;
  const own = payment.status === 'paid' ? successUrlOf(payment) : tell(cancelUrl, payment);
  return own ?? shop_url ?? frontPageOf(successUrl ?? returnUrl ?? cancelUrl);
}

/** The address with `payment_no`, `merchant_order_no` and `status` added. */
function tell(address: string | undefined, payment: Payment): string | null {
  if (address === undefined) return null;
  const { paymentNo: payment_no, merchantOrderNo: merchant_order_no, status } = payment;
  return appendQuery(address, { payment_no, merchant_order_no, status });
}

export function itemOf({ order }: Payment): string | null {
  return order.itemName ?? order.description ?? null;
}

/** As the payer knows it; empty for an order that only a payment link has numbered. */
export function orderNoOf({ merchantOrderNo }: Payment): string {
  return LINK_NO.test(merchantOrderNo.replace(/-\d+$/, '')) ? '' : merchantOrderNo;
}

/** For so long an installation's only shop is remembered: pages that nothing opens must cost little. */
const REMEMBERED = 10 * SECOND;

/**
 * The shop of an installation that has one, for pages that nothing else is known of: a wrong address, too many requests.
 * Where there are several, to name one would tell whose payment a number is. Null also while the store cannot be read.
 */
export function createOnlyShop({ store, clock }: Pick<Deps, 'store' | 'clock'>): () => Promise<ShopSign | null> {
  let known: { readonly shop: Promise<ShopSign | null>; readonly at: number } | null = null;

  const find = async (): Promise<ShopSign | null> => {
    const [only, ...others] = await store.listProjects();
    return only && others.length === 0 ? signOf(await store.findProject(only.id)) : null;
  };

  return () => {
    const now = clock.elapsed();
    if (!known || now - known.at >= REMEMBERED) known = { shop: find().catch(() => null), at: now };
    return known.shop;
  };
}
