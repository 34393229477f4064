/**
 * A process of its own that writes to a database: `bun writer.ts FILE NAME COUNT`. It migrates the file if need be,
 * says "ready", starts when it reads a line, and prints the payment numbers it made.
 */
import { addProject, applyFacts, openPayment, paid } from './payments.ts';
import { attachTestStore } from './store.ts';

const [file = '', name = '', count = '0'] = process.argv.slice(2);
process.stdout.write('ready\n');
for await (const _line of console) break;
await using test = await attachTestStore(file, name);
const project = await addProject(test, 'shop');
const made = await Promise.all(
  Array.from({ length: Number(count) }, async (_, index) => {
    const { payment, attempt } = await openPayment(test, project, { merchantOrderNo: `${name}-${index}` });
    await applyFacts(test, attempt.id, [paid({ tradeNo: `${name}-${index}` })]);
    return payment.paymentNo;
  }),
);
process.stdout.write(`${JSON.stringify(made)}\n`);
