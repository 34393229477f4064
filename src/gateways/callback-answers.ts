import { type ErrorRef, specOf } from '../core/errors.ts';
import type { CallbackAnswer } from './callback.ts';

/** What gateways are answered with that call us. */

export const answerAs =
  (contentType: string) =>
  (status: number, body: string): CallbackAnswer => ({ status, contentType, body });

const answerJson = answerAs('application/json');

export const RECEIVED = answerJson(200, JSON.stringify({ success: true, message: 'Webhook received' }));

export const failWith = (status: number, error: ErrorRef, message: string): CallbackAnswer =>
  answerJson(status, JSON.stringify({ success: false, message, error: { error_code: specOf(error).code } }));
