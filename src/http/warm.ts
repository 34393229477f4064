import { warmEncoder } from '../pages/checkout/index.ts';

/** What takes long the first time a page is drawn, and never again. */
export const warmPages = warmEncoder;
