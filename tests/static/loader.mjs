// The modules of the browser side are ES modules, whatever folder they lie in.

export async function load(url, context, next) {
  const ours = url.includes("/explorer/static/") && url.endsWith(".js");
  return next(url, ours ? { ...context, format: "module" } : context);
}
