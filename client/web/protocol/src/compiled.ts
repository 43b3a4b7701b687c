/** What is fast as WebAssembly and slow in plain JavaScript, which always works. */

/** Runs the compiled form, and the plain one where a browser's setting or a page's policy forbids compiling. */
export async function compiledOrPlain<T>(compiled: () => Promise<T>, plain: () => T): Promise<T> {
  if (typeof WebAssembly !== "undefined") {
    try {
      return await compiled();
    } catch {
      // It is there and forbidden, or it failed: the plain form says what is wrong if anything is.
    }
  }
  return plain();
}
