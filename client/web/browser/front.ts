/** A server in front of a drop, which passes everything on: to look at it, to cut it, and to answer in the drop's place. */

import { once } from "node:events";
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request that was passed on, for the tests to look at. */
export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export class Front {
  /** What the drop was asked by the protocol; bodies are kept only where `keepBodies` says so. */
  readonly passed: Passed[] = [];
  keepBodies = true;
  /** The drop's receipts, as they were handed back. */
  readonly receipts: string[] = [];
  /** Paths other than `/v1/` that a browser asked for. */
  readonly asked: string[] = [];
  /** Answers the protocol in the drop's place where it gives something. */
  instead: (incoming: IncomingMessage) => ((response: ServerResponse) => void) | undefined = () => undefined;
  /** Whether the page may use WebAssembly, as it may with its own headers. */
  webAssembly = true;
  /** Cuts the connection after so many bytes of a request's body. */
  cutAfter: number | undefined;
  /** Cuts every connection that has brought so many bytes of a body. */
  cutEvery: number | undefined;
  cuts = 0;

  private constructor(
    readonly origin: string,
    readonly drop: URL,
    private readonly server: Server,
  ) {}

  static async open(drop: string, port: number): Promise<Front> {
    const server = createServer();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const front = new Front(origin, new URL(drop), server);
    server.on("request", (incoming, response) => front.#answer(incoming, response));
    return front;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  #answer(incoming: IncomingMessage, response: ServerResponse): void {
    const path = incoming.url ?? "/";
    const ofProtocol = path.startsWith("/v1/");
    if (!ofProtocol) this.asked.push(path);
    const instead = ofProtocol ? this.instead(incoming) : undefined;
    if (instead) instead(response);
    else this.passOn(incoming, response);
  }

  /** Lets requests with such a path wait, until the returned function is called. */
  hold(path: RegExp): () => void {
    const waiting: (() => void)[] = [];
    this.instead = (incoming) => {
      if (!path.test(incoming.url ?? "")) return undefined;
      return (response) => void waiting.push(() => this.passOn(incoming, response));
    };
    return () => {
      this.instead = () => undefined;
      for (const goOn of waiting) goOn();
    };
  }

  /** Hands a request to the drop, and its answer back. */
  passOn(incoming: IncomingMessage, response: ServerResponse): void {
    const { method = "GET", url: path = "/", headers } = incoming;
    const { hostname, port } = this.drop;
    const onwards = request({ hostname, port, method, path, headers }, (answer) => {
      const receipt = answer.headers["kua-receipt"];
      if (typeof receipt === "string") this.receipts.push(receipt);
      response.writeHead(answer.statusCode ?? 502, this.#allowed(answer.headers));
      answer.pipe(response);
    });
    const parts: Buffer[] = [];
    let length = 0;
    incoming.on("data", (part: Buffer) => {
      length += part.length;
      if (this.keepBodies) parts.push(part);
      const most = Math.min(this.cutAfter ?? Infinity, this.cutEvery ?? Infinity);
      if (method === "PATCH" && length > most) {
        this.cutAfter = undefined;
        this.cuts += 1;
        onwards.destroy();
        (incoming.socket as Socket).destroy();
      }
    });
    incoming.on("end", () => {
      if (path.startsWith("/v1/")) this.passed.push({ method, path, headers, body: Buffer.concat(parts) });
    });
    onwards.on("error", () => response.destroy());
    incoming.pipe(onwards);
  }

  /** The drop's header fields, which forbid WebAssembly where it is to be off. */
  #allowed(fields: IncomingHttpHeaders): IncomingHttpHeaders {
    const policy = fields["content-security-policy"];
    if (this.webAssembly || typeof policy !== "string") return fields;
    return { ...fields, "content-security-policy": policy.replace(" 'wasm-unsafe-eval'", "") };
  }
}
