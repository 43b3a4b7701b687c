/** Where the keyboard and the screen reader go when the page changes. */

import { useEffect, useRef } from "preact/hooks";

/** Takes the focus when the element appears, and again whenever `again` changes. */
export function useFocus<T extends HTMLElement>(again: unknown) {
  const element = useRef<T>(null);
  useEffect(() => element.current?.focus(), [again]);
  return element;
}
