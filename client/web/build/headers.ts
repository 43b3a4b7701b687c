/** What a browser may do on the page: as little as it needs. The drop sends these; the page that is one file says them itself. */

import { createHash } from "node:crypto";

import type { Plugin } from "vite";

/** `wasm-unsafe-eval` is for Argon2id alone; without it the page falls back to plain JavaScript. */
function policy(own: { scripts: string; styles: string; worker: string; connect: string; form: string }): string[] {
  return [
    "default-src 'none'",
    `script-src ${own.scripts} 'wasm-unsafe-eval'`,
    `style-src ${own.styles}`,
    `worker-src ${own.worker}`,
    `connect-src ${own.connect}`,
    // The empty icon, without which browsers ask the drop for one.
    "img-src data:",
    "base-uri 'none'",
    `form-action ${own.form}`,
    "require-trusted-types-for 'script'",
    "trusted-types kua",
  ];
}

const HOSTED = policy({
  scripts: "'self'",
  styles: "'self'",
  worker: "'self'",
  connect: "'self'",
  // Where no scripts run, a sealed file goes to the drop by a form.
  form: "'self'",
});

/** The header fields with which a drop serves every file of the page. */
export const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": [...HOSTED, "frame-ancestors 'none'"].join("; "),
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": [
    "accelerometer", "autoplay", "camera", "clipboard-read",
    "clipboard-write", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb",
    "window-management", "xr-spatial-tracking",
  ].map((feature) => `${feature}=()`).join(", "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/** Puts the header fields beside the files, for the server that sends them. */
export function headers(): Plugin {
  return {
    name: "kua-headers",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "headers.json", source: `${JSON.stringify(HEADERS, null, 2)}\n` });
    },
  };
}

/** Adds to a page that is one file the rules that allow exactly its own script and style, by their digests. */
export function ownRules(html: string): string {
  const digests = (tag: string) =>
    Array.from(html.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, "g")), ([, text = ""]) => {
      return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    }).join(" ");
  const rules = policy({
    scripts: digests("script"),
    styles: digests("style"),
    worker: "blob:",
    // The drop is named by the link, which comes later. Links name https, onion services and this device alone.
    connect: "https: http:",
    form: "'none'",
  });
  const meta = `<meta http-equiv="Content-Security-Policy" content="${rules.join("; ")}" />`;
  return html.replace('<meta charset="utf-8" />', `<meta charset="utf-8" />\n    ${meta}`);
}
