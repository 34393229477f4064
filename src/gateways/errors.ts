import { type ErrorRef, type ErrorSpec, specOf } from '../core/errors.ts';

/** The gateway said no: nothing was made there. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  /** What the caller of the API is told. */
  readonly error: ErrorSpec;
  readonly gatewayCode: string;
  /** `account`: the credentials were refused, which says nothing about an earlier request under the same key. */
  readonly about: 'request' | 'account';

  constructor(error: ErrorRef, gatewayCode: string, message: string, about: 'request' | 'account' = 'request') {
    super(message);
    this.about = about;
    this.error = specOf(error);
    this.gatewayCode = gatewayCode;
  }

  get errorCode(): string {
    return this.error.code;
  }
}

/** The gateway wants to be left alone for a while: too many questions. */
export class GatewayForbidden extends Error {
  override readonly name = 'GatewayForbidden';
}

/** The gateway answered something that cannot be understood or believed: the outcome is unknown. */
export class GatewayGarbage extends Error {
  override readonly name = 'GatewayGarbage';
}
