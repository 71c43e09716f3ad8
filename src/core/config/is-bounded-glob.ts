const ALLOWED = /^[\p{L}\p{N}*?{},[\]@+#%~=_ ./-]{1,200}$/u;

/**
 * Whether a glob is cheap to match against any path that a pull request may bring. Each `*` inside a name and each
 * set of braces multiplies the ways to match, so few of both are allowed, and no parentheses, which repeat.
 */
export function isBoundedGlob(glob: string): boolean {
  if (!ALLOWED.test(glob) || glob.startsWith("/") || glob.startsWith("./")) return false;
  if (/\{[^}]*\{|\.\.|\*{3}/.test(glob)) return false;
  const segments = glob.split("/");
  const globstars = segments.filter((segment) => segment === "**").length;
  const partial = segments.filter((segment) => segment !== "**" && segment !== "*").join("");
  return globstars <= 4 && partial.split("*").length <= 4 && glob.split("{").length <= 3;
}
