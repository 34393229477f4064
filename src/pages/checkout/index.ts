export { listPictures } from './brand.tsx';
export { renderFormPost } from './formpost.tsx';
export { renderLinkPage } from './link.tsx';
export type * from './link-model.ts';
export type * from './model.ts';
export { renderPaymentPage } from './payment.tsx';
export { type Problem, type ProblemFacts, RELOAD, renderNotFound, renderProblem, renderReturned } from './problem.tsx';
export { encodeCode39, type Shape, shapeSecretQr } from './shapes.ts';
export { drawCode39, drawQr, Qr } from './symbol.tsx';
