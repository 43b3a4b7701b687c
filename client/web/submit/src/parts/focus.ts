/** Where the keyboard and the screen reader go when the page changes. */

import { useLayoutEffect, useRef } from "preact/hooks";

/** Takes the focus when the element appears, and again whenever `again` changes. */
export function useFocus<T extends HTMLElement>(again: unknown) {
  const element = useRef<T>(null);
  // Before the page is shown: later the focus would be taken from a person who went on already.
  useLayoutEffect(() => element.current?.focus(), [again]);
  return element;
}
