import { render } from 'preact-render-to-string';
import { type Shape, shapeQr } from './shapes.ts';

export { encodeQr } from './shapes.ts';

/** CSS pixels: beside a text, and to be read from another hand's phone. */
const SIDES = { small: 168, large: 288 } as const;

/** A QR symbol in whole CSS pixels a module, about as large as asked for. */
export function Qr(props: { shape: Shape; label: string; size?: keyof typeof SIDES }) {
  const { width, path } = props.shape;
  const side = width * Math.max(2, Math.floor(SIDES[props.size ?? 'small'] / width));
  return (
    <svg
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${width} ${width}`}
      width={side}
      height={side}
      shape-rendering="crispEdges"
    >
      <rect width={width} height={width} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** The symbol as SVG text. */
export async function drawQr(text: string): Promise<string> {
  return render(<Qr shape={await shapeQr(text)} label={text} />);
}
