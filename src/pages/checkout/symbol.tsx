import { render } from 'preact-render-to-string';
import { type Shape, shapeCode39, shapeQr } from './shapes.ts';

/** Black modules on white, drawn as large as is asked for. */
function Modules(props: { shape: Shape; label: string; width: number; height: number; stretch?: boolean }) {
  const { width, height, path, stroke } = props.shape;
  return (
    <svg
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${width} ${height}`}
      width={props.width}
      height={props.height}
      preserveAspectRatio={props.stretch ? 'none' : undefined}
      shape-rendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="none" stroke="#000" stroke-width={stroke} />
    </svg>
  );
}

/**
 * One Code 39 symbol, a CSS pixel a module until bars.js knows the screen. The height may stretch, the width may
 * not be scaled along with it: hence no aspect ratio.
 */
export function Code39({ shape, label }: { shape: Shape; label: string }) {
  return <Modules shape={shape} label={label} width={shape.width} height={shape.height} stretch />;
}

/** CSS pixels: beside a text, and to be read from another hand's phone. */
const SIDES = { small: 168, large: 288 } as const;

/** A QR symbol in whole CSS pixels a module, about as large as asked for. */
export function Qr(props: { shape: Shape; label: string; size?: keyof typeof SIDES }) {
  const { width } = props.shape;
  const side = width * Math.max(2, Math.floor(SIDES[props.size ?? 'small'] / width));
  return <Modules shape={props.shape} label={props.label} width={side} height={side} />;
}

/** The symbol as SVG text. Rejects when Code 39 has no sign for a character. */
export async function drawCode39(text: string): Promise<string> {
  return render(<Code39 shape={await shapeCode39(text)} label={text} />);
}

/** The symbol as SVG text. */
export async function drawQr(text: string): Promise<string> {
  return render(<Qr shape={await shapeQr(text)} label={text} />);
}
