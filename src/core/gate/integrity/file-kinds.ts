const CODE_TYPES =
  "[cm]?[jt]sx?|vue|svelte|astro|py[iwx]?|ipynb|rb|rake|go|rs|java|kts?|groovy|gradle|scala|sc|cs|fsx?|vb|php|swift|mm?|cc?|[ch]pp|[ch]xx|cxx|hh?|cu|dart|exs?|erl|hrl|hs|lua|pl|pm|r|jl|sol|zig|nim|cr|clj[cs]?|edn|ml|mli|elm|sh|bash|zsh|fish|ps1|psm1|bat|cmd|sql|tf|tfvars|hcl|html?|css|s[ac]ss|less|proto|graphql|v|sv|vhdl?|asm|s|wat|bicep|rego|nix|mdx";
const CONFIG_TYPES = "json[5c]?|ya?ml|toml|ini|cfg|conf|properties|env|xml|plist|neon";

const CODE = new RegExp(
  `(?:\\.(?:${CODE_TYPES})|(?:^|/)(?:Dockerfile|Containerfile|Gemfile|Rakefile|Makefile|Procfile|Vagrantfile)[^/]*)$`,
  "iu",
);
const CONFIG = new RegExp(`\\.(?:${CONFIG_TYPES})$`, "iu");
/** Neither tools nor people look for suppressed rules in these. */
const NO_CODE = /\.(?:md|markdown|rst|adoc|org|tex|csv|tsv|svg|lock|snap|po|pot|log|diff|patch)$/iu;
const QUALITY =
  /(?:^|[/_.-])(?:quality|metrics?|gates?|acceptance|criteria|tolerances?|thresholds?|eval(?:s|uation)?|verif(?:y|ication)|benchmarks?|lighthouse|slos?)(?:[/_.-]|$)/iu;
const MEASURES =
  /(?:^|[/_.-])(?:eval(?:s|uate|uation|uator)?|metrics?|scor(?:e|ing)|bench(?:es|marks?)?|verif(?:y|ier|ication))(?:[/_.-]|$)/iu;
/** Files that languages want even without anything in them. */
const MAY_BE_EMPTY = /(?:^|\/)(?:__init__\.pyi?|conftest\.py|mod\.rs)$/u;

export const isCode = (path: string): boolean => CODE.test(path);
export const isConfig = (path: string): boolean => CONFIG.test(path);
export const mayHoldSuppressions = (path: string): boolean => !NO_CODE.test(path);
/** Settings whose name says that they are about quality. */
export const isQualityConfig = (path: string): boolean => CONFIG.test(path) && QUALITY.test(path);
/** Code whose name says that it measures something. */
export const isMeasuringCode = (path: string): boolean => CODE.test(path) && MEASURES.test(path);
export const mayBeEmpty = (path: string): boolean => MAY_BE_EMPTY.test(path);
