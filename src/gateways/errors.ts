import type { ErrorCode } from '../core/errors.ts';

/** The gateway said no: nothing was made there. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  readonly errorCode: ErrorCode;
  readonly gatewayCode: string;

  constructor(errorCode: ErrorCode, gatewayCode: string, message: string) {
    super(message);
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
