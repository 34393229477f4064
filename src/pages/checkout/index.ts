export { drawCode39, encodeCode39 } from './barcode.tsx';
export { listPictures } from './brand.tsx';
export { renderFormPost } from './formpost.tsx';
export { renderLinkPage } from './link.tsx';
export type * from './link-view.ts';
export { renderPaymentPage } from './payment.tsx';
export { type Problem, renderNotFound, renderProblem, renderReturned } from './problem.tsx';
export { drawQr } from './qr.tsx';
export type * from './view.ts';
