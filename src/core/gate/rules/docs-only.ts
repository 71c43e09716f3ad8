import { be, code, plural } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { listedFiles, matchesAny, touchedPaths } from "../match-paths.ts";

const { pass, fail, blocked } = answerAs("docs_only");

const WANTED = "more than documents";

/** Where all that there is counts as a document. */
const FOLDERS: readonly string[] = ["{doc,docs}/**"];

/** What people read and nothing runs. */
const DOCUMENTS: readonly string[] = [
  "**/*.{md,mdx,markdown,rst,adoc,asciidoc,txt}",
  "**/{doc,docs}/**/*.{png,jpg,jpeg,gif,svg,webp,avif,pdf}",
  "**/{LICENSE,LICENCE,COPYING,NOTICE,AUTHORS,CONTRIBUTORS,CHANGELOG,CHANGES,README,TODO}",
];

/** Texts that builds, programs or servers read. */
const INPUTS: readonly string[] = [
  "**/*{requirements,constraints}*.txt",
  "**/{requirements,constraints}/**/*.txt",
  "**/{CMakeLists,conanfile,meson_options,robots}.txt",
  "**/{test,tests,testdata,fixtures,data,resources,public,static}/**/*.txt",
];

/** Documents are no execution: a task that asks for work is not answered by words about it. */
export const docsOnlyGate: GateRule = {
  name: "docs_only",
  purpose: "A task changes more than documents, unless its kind has `documentation: true`.",
  changedBy: ["push", "base", "configuration"],
  key: ["kinds"],
  isOverridable: true,
  appliesTo: ({ work }) => work !== null,
  whyNot: "it is about tasks",
  evaluate({ pull, work }) {
    const files = listedFiles(pull);
    if (files === null) {
      const message = "The list of changed files is not complete.";
      return blocked({ message, seen: "incomplete", wanted: WANTED });
    }
    const paths = [...new Set(touchedPaths(files))];
    const others = paths.filter((path) => !isDocument(path)).length;
    const documents = paths.length - others;
    const seen = `${documents} of ${plural(paths.length, "path")} ${be(documents)} documents`;
    if (others > 0) return pass({ message: "More than documents changed.", seen, wanted: WANTED });
    if (work?.isDocumentation === true)
      return pass({ message: "Documents are what was asked for.", seen, wanted: "documents" });
    return fail({
      message: "The task asked for execution, and only documents changed.",
      seen,
      wanted: WANTED,
      howToFix: `Do the work itself; if documents are what the kind ${code(work?.task.kind ?? "")} asks for, set its \`documentation: true\`.`,
    });
  },
};

function isDocument(path: string): boolean {
  return matchesAny(path, FOLDERS) || (matchesAny(path, DOCUMENTS) && !matchesAny(path, INPUTS));
}
