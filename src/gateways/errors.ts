import type { ErrorCode } from '../core/errors.ts';

/** The gateway said no: nothing was made there. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  readonly errorCode: ErrorCode;
  readonly gatewayCode: string;
  /** `account`: the credentials were refused, which says nothing about an earlier request under the same key. */
  readonly about: 'request' | 'account';

  constructor(errorCode: ErrorCode, gatewayCode: string, message: string, about: 'request' | 'account' = 'request') {
    super(message);
    this.about = about;
    this.errorCode = errorCode;
    this.gatewayCode = gatewayCode;
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
