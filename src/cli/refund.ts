import { settleRefund } from '../payments/refund/settle.ts';
import { type Call, flag, type Print, runCommand, text } from './command.ts';
import { CommandFailure } from './failure.ts';

export const usage = `paycore refund settle RF… --paid-back [--number NO] [--note TEXT] [--json]   the gateway’s own desk shows that the money went back
paycore refund settle RF… --not-paid-back [--note TEXT] [--json]   it shows no such refund: it may be asked for again`;

const OPTIONS = { 'paid-back': flag, 'not-paid-back': flag, number: text, note: text } as const;
type RefundCall = Call<typeof OPTIONS>;

export function run(args: readonly string[], print: Print): Promise<void> {
  const command = { name: 'refund', usage, options: OPTIONS, actions: { settle }, withOperand: ['settle'] };
  return runCommand(command, args, print);
}

async function settle({ deps, flags, operand, tell }: RefundCall): Promise<void> {
  const isPaidBack = flags['paid-back'] === true;
  if (operand === undefined || isPaidBack === (flags['not-paid-back'] === true)) {
    throw new CommandFailure(
      `paycore refund settle needs a refund’s number and either --paid-back or --not-paid-back.\n${usage}`,
      2,
    );
  }
  const given = {
    outcome: isPaidBack ? 'paid_back' : 'not_paid_back',
    ...(flags.number === undefined ? {} : { gateway_refund_no: flags.number }),
    ...(flags.note === undefined ? {} : { note: flags.note }),
  };
  const { refundNo, status, amount } = await settleRefund(deps, operand, given, { type: 'operator' });
  tell({ refund_no: refundNo, status, amount }, [
    `${refundNo} counts as ${isPaidBack ? 'paid back' : 'not made'} from now on.`,
  ]);
}
