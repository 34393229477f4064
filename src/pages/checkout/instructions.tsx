import { AtmScreen } from './atm.tsx';
import { BarcodeScreen } from './barcode.tsx';
import { CodeScreen } from './code.tsx';
import type { PageModel } from './model.ts';
import { OverdueScreen } from './overdue.tsx';
import { QrScreen } from './qrpay.tsx';
import type { Symbols } from './shapes.ts';

/** A number to pay with and how to use it. */
export function InstructionScreen({ model, symbols }: { model: PageModel; symbols: Symbols }) {
  const { instructions: given } = model;
  if (model.isOverdue) return <OverdueScreen model={model} />;
  switch (given?.type) {
    case 'atm':
      return <AtmScreen model={model} symbols={symbols} given={given} />;
    case 'cvs':
      return <CodeScreen model={model} symbols={symbols} given={given} />;
    case 'barcode':
      return <BarcodeScreen model={model} symbols={symbols} given={given} />;
    case 'qr':
      return <QrScreen model={model} symbols={symbols} />;
    default:
      return null;
  }
}
