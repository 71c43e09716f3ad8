import { kindOfFormat, readReport } from "../../evidence/reports/read-report.ts";
import type { Reading, Report } from "../../evidence/reports/report.ts";
import type { ReportFile, ReportSet } from "../../facts.ts";
import { code, inline } from "../../messages/text.ts";
import { answerAs, type GateAnswer, type GateSubject } from "../gate-rule.ts";
import type { ReportKind } from "./report-kind.ts";

/** The reports of one kind, or the answer of a gate that cannot judge them. */
export type TakenReports<R extends Report> =
  | {
      readonly kind: "taken";
      readonly head: R;
      /** Null when the base has none. */
      readonly base: R | null;
      /** Whether the base branch never had any, so that nobody can know what was so before. */
      readonly isFirst: boolean;
      readonly url: string;
    }
  | { readonly kind: "answer"; readonly answer: GateAnswer };

/** How long a head may be without any run before nobody waits for its reports. */
const FIRST_RUN_PATIENCE_MS = 5 * 60_000;
/** How long a run that may bring reports is waited for. */
const RUN_PATIENCE_MS = 6 * 60 * 60_000;
const NEXT_REPORT = "Look at how the report is written, and let its workflow run again.";
const NEXT_BASELINE =
  "Let the workflow that reports run again for the base commit, or bring this branch up to date with its base, and push.";

/** Reads the reports of one kind; what is missing or cannot be read is BLOCKED, what may still come is waited for. */
export function takeReports<R extends Report>(subject: GateSubject, kind: ReportKind<R>): TakenReports<R> {
  const { reports: wanted } = subject.config.gates;
  const { reports } = subject.pull;
  const says = explain(subject, kind.kind);
  if (wanted === undefined) return says.missing("No report is configured");
  if (reports === undefined) return says.late("Its reports were not read");
  const { head, base } = reports;
  if (head.kind === "missing") {
    const message = `No run of this commit left the artifact ${code(wanted.artifact)}`;
    return head.runs === 0 ? says.late(message, FIRST_RUN_PATIENCE_MS) : says.missing(message);
  }
  if (head.kind === "running") return says.late("A run that may bring the report has not ended");
  if (head.kind === "unreadable") return says.unreadable("The artifact", head.why);
  const read = readFiles(head.files, kind);
  if (read.kind === "missing") return says.missing(`The artifact has no file ${code(read.path)}`);
  if (read.kind === "unreadable") return says.unreadable(`The report ${code(read.path)}`, read.why);
  const baseline = readBase(base, kind);
  if (baseline.kind === "running") return says.late("The run that makes the baseline has not ended");
  if (baseline.kind === "unreadable") return says.unreadable("The baseline", baseline.why, NEXT_BASELINE);
  const isFirst = base.kind === "missing";
  return { kind: "taken", head: read.report, base: baseline.report, isFirst, url: head.url };
}

/** The answers that all kinds of reports give in the same words. */
function explain({ config: { gates }, headSince, now }: GateSubject, kind: Report["kind"]) {
  const { blocked, pending } = answerAs(kind);
  const files = (gates.reports?.files ?? []).filter(({ format }) => kindOfFormat(format) === kind);
  const artifact = code(gates.reports?.artifact ?? "");
  const wanted = files.map(({ path }) => code(path)).join(", ") || "a report";
  const howToFix = `Let a workflow of the commit upload ${wanted} as the artifact ${artifact}, also when a step fails.`;
  const answer = (given: GateAnswer) => ({ kind: "answer", answer: given }) as const;
  const missing = (message: string) =>
    answer(blocked({ message: `${message}, so nothing is proven.`, seen: "no report", wanted, howToFix }));
  return {
    missing,
    late: (message: string, patienceMs = RUN_PATIENCE_MS) =>
      now - headSince < patienceMs
        ? answer(pending(`waiting for the artifact ${artifact}`))
        : missing(message),
    unreadable: (what: string, why: string, next = NEXT_REPORT) =>
      answer(
        blocked({
          message: `${what} cannot be read: ${inline(why).replace(/\.$/u, "")}.`,
          seen: "an unreadable report",
          wanted,
          howToFix: next,
        }),
      ),
  };
}

type Read<R extends Report> =
  | { readonly kind: "read"; readonly report: R }
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "unreadable"; readonly path: string; readonly why: string };

/** All files of a kind as one report: one that is missing or unreadable could hold what matters. */
function readFiles<R extends Report>(files: readonly ReportFile[], kind: ReportKind<R>): Read<R> {
  const reports: R[] = [];
  const paths: string[] = [];
  let path = "";
  for (const file of files.filter(({ format }) => kindOfFormat(format) === kind.kind)) {
    ({ path } = file);
    if (file.content.kind !== "found") return { ...file.content, path };
    const reading = readReport(file.format, file.content.text);
    if (!reading.ok) return { kind: "unreadable", path, why: reading.why };
    if (!kind.isOfKind(reading.report)) continue;
    reports.push(reading.report);
    paths.push(path);
  }
  const [first, ...rest] = reports;
  if (first === undefined) return { kind: "missing", path };
  const merged: Reading<R> = kind.merge([first, ...rest], paths);
  return merged.ok ? { kind: "read", report: merged.report } : { kind: "unreadable", path, why: merged.why };
}

type Baseline<R extends Report> =
  | { readonly kind: "read"; readonly report: R | null }
  | { readonly kind: "running" }
  | { readonly kind: "unreadable"; readonly why: string };

/** A file that the base does not have is new since; one that it has counts, or nobody knows what was there before. */
function readBase<R extends Report>(base: ReportSet, kind: ReportKind<R>): Baseline<R> {
  if (base.kind === "missing") return { kind: "read", report: null };
  if (base.kind !== "found") return base;
  const known = base.files.filter(({ content }) => content.kind !== "missing");
  const read = readFiles(known, kind);
  return read.kind === "missing" ? { kind: "read", report: null } : read;
}
