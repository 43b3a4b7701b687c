/** Bytes that come piece by piece. */

import { concat, type Bytes } from "./bytes.ts";

/** One piece after another, each asked for when the one before was used. */
export type Chunks = AsyncIterable<Uint8Array>;

/** The pieces of a stream, as of a file. Not every browser can go through a stream by itself. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops reading early ends the stream too; at its end this does nothing.
    await reader.cancel().catch(() => undefined);
  }
}

/** A stream that asks for the next piece only when there is room for it, and ends with whoever stops reading. */
export function streamOf(chunks: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** All pieces as one, and what the generator said at its end. */
export async function gather<T>(chunks: AsyncGenerator<Uint8Array, T>): Promise<{ bytes: Bytes; end: T }> {
  const parts = [];
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) return { bytes: concat(...parts), end: value };
    parts.push(value);
  }
}
