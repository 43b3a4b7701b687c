/** What the build puts in: see `client/web/build/`. */

declare module "virtual:locales" {
  const sources: Readonly<Record<"en" | "ru" | "kk" | "ar" | "es" | "fr", string>>;
  export default sources;
}

declare module "virtual:worker" {
  /** Starts the worker, from its own file or, in the page that is one file, from the text inside it. */
  export function startWorker(): Worker;
}

declare module "*.css" {}
