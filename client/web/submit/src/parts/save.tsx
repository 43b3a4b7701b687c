/** A button that hands a file to the person. It is the one thing that can stay on the device, and only if she asks. */

import type { ComponentChildren } from "preact";

interface SaveProps {
  readonly name: string;
  readonly content: Uint8Array;
  readonly children: ComponentChildren;
}

export function Save({ name, content, children }: SaveProps) {
  const save = () => {
    // No type that a browser would show instead of saving it.
    const address = URL.createObjectURL(new Blob([new Uint8Array(content)], { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <button type="button" onClick={save}>
      {children}
    </button>
  );
}
