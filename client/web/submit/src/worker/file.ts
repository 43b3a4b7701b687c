/** A file that the person chose: looked into once, and read twice when it is sealed. */

import { clean, LARGEST } from "@kua/protocol/metadata/clean.ts";
import { formatOf } from "@kua/protocol/metadata/format.ts";
import { Refused } from "@kua/protocol/refused.ts";
import type { Attachment } from "@kua/protocol/report.generated.ts";
import { chunksOf, type Chunks } from "@kua/protocol/stream.ts";
import type { FileView } from "../calls.ts";

/** What is read of a file to know its format. */
const BEGINNING = 12;

/** What goes with the report: a name, and bytes that can be read more than once. */
export interface FileContent {
  readonly originalName: string;
  readonly mediaType: string;
  readonly metadata: Attachment["metadata"];
  readonly size: number;
  open(): Chunks;
}

export class ChosenFile {
  private constructor(
    private readonly file: File,
    readonly hidden: FileView["hidden"],
    /** The picture alone, where something was hidden beside it. */
    private readonly cleaned: Blob | undefined,
  ) {}

  /** Reads an image that can be cleaned; any other file is not looked into. */
  static async lookInto(file: File): Promise<ChosenFile> {
    const beginning = new Uint8Array(await file.slice(0, BEGINNING).arrayBuffer());
    if (!formatOf(beginning)) return new ChosenFile(file, "not-looked-into", undefined);
    if (file.size > LARGEST) return new ChosenFile(file, "not-understood", undefined);
    try {
      const { bytes, findings } = clean(new Uint8Array(await file.arrayBuffer()));
      return new ChosenFile(file, findings, findings.length > 0 ? new Blob([bytes]) : undefined);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return new ChosenFile(file, "not-understood", undefined);
    }
  }

  /** What is sent of it. */
  content(withoutHidden: boolean): FileContent {
    const { file, cleaned } = this;
    const blob = withoutHidden && cleaned ? cleaned : file;
    return {
      originalName: file.name,
      mediaType: file.type,
      metadata: this.#metadata(withoutHidden),
      size: blob.size,
      open: () => read(blob, file.name),
    };
  }

  #metadata(withoutHidden: boolean): Attachment["metadata"] {
    if (typeof this.hidden === "string") return "not-checked";
    if (this.hidden.length === 0) return "none-found";
    return withoutHidden ? "removed" : "kept";
  }
}

async function* read(blob: Blob, name: string): Chunks {
  try {
    yield* chunksOf(blob.stream());
  } catch {
    // The file was moved, changed or deleted since it was chosen.
    throw new Refused("changed", "a file cannot be read any more", { file: name });
  }
}
