/** How long whoever reads may take for one piece: then he has gone, or holds a place that others wait for. */
const PATIENCE_MS = 60_000;

/** Between two pieces whoever else has asked is answered: a reader as quick as we are would be the only one for minutes. */
const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

interface Ends {
  /** Once, however it ends. */
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Pieces of text as the body of an answer. The next one is made when the one before has been taken; nobody is left with a
 * half of it who goes away.
 */
export function streamText(
  pieces: AsyncGenerator<string>,
  { onEnd, onError }: Ends,
  patienceMs = PATIENCE_MS,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    onEnd();
    await pieces.return(undefined);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(timer);
        try {
          await nextTurn();
          const { value, done } = await pieces.next();
          if (done || isOver) {
            await end();
            controller.close();
            return;
          }
          controller.enqueue(encoder.encode(value));
          timer = setTimeout(() => {
            controller.error(new Error(`nobody took the next piece within ${patienceMs / 1000} s`));
            void end();
          }, patienceMs);
        } catch (error) {
          if (!isOver) onError(error);
          await end();
          controller.error(error);
        }
      },
      cancel: end,
    },
    { highWaterMark: 1 },
  );
}
