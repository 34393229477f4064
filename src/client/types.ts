import type { Operations } from './schema.ts';

export type Route = keyof Operations;

export type BodyOf<R extends Route> = Operations[R] extends { readonly body: infer Body } ? Body : never;
export type QueryOf<R extends Route> = Operations[R] extends { readonly query: infer Query } ? Query : never;
export type AnswerOf<R extends Route> = Operations[R]['answer'];

/** What stands after this start in a route, of routes without a number in them. */
type After<Start extends string, R extends Route = Route> = R extends `${Start}${infer Rest}`
  ? Rest extends `${string}{${string}`
    ? never
    : Rest
  : never;

/** `ecpay/atm`, `stripe/credit`, … */
export type PayRoute = After<'POST /api/paycore/pay/'>;
export type PayBody<P extends PayRoute> = BodyOf<`POST /api/paycore/pay/${P}`>;
export type PayAnswer<P extends PayRoute> = AnswerOf<`POST /api/paycore/pay/${P}`>;

/** `plus/balance` */
export type ActionRoute = After<'POST /api/paycore/gateways/'>;
export type ActionBody<A extends ActionRoute> = BodyOf<`POST /api/paycore/gateways/${A}`>;
export type ActionAnswer<A extends ActionRoute> = AnswerOf<`POST /api/paycore/gateways/${A}`>;
