import { ecpay } from './ecpay/index.ts';
import type { Gateway } from './gateway.ts';
import { paypal } from './paypal/index.ts';
import { plus } from './plus/index.ts';
import { smilepay } from './smilepay/index.ts';
import { stripe } from './stripe/index.ts';

/** The drivers of this program: a new gateway is a folder and a line here. */
export const GATEWAYS: readonly Gateway[] = [ecpay, smilepay, paypal, stripe, plus];
