import { parseConfig } from "../../core/config/parse-config.ts";
import { parseRoadmap } from "../../core/roadmap/parse-roadmap.ts";
import { type Problem, renderProblem } from "../../core/yaml/problem.ts";
import { FAULT_SETTINGS, type FaultSetting, type SimulationScenario } from "../../ports/simulator.ts";
import { type CliHost, EXIT, type ExitCode } from "./cli-host.ts";
import { renderSimulation } from "./render-simulation.ts";

export interface SimulateOptions {
  readonly config: string;
  readonly roadmap?: string;
  readonly days: number;
  readonly seed: number;
  readonly tasks?: number;
  readonly faults: FaultSetting;
  readonly json?: boolean;
}

/** What one simulation may be at most: more is no answer to any question, and takes hours. */
export const MOST = { days: 366, tasks: 5000 } as const;

/** Plays what a configuration would do, and tells what came of it. */
export async function simulateConfig(options: SimulateOptions, host: CliHost): Promise<ExitCode> {
  const { days, seed, faults, json = false, tasks = null } = options;
  const config = await host.readText(options.config);
  const roadmap = options.roadmap === undefined ? null : await host.readText(options.roadmap);
  const problems = [
    ...describeProblems(options.config, findConfigProblems(config)),
    ...describeProblems(options.roadmap ?? "", roadmap === null ? [] : findRoadmapProblems(roadmap)),
    ...describeMismatch(options, config),
  ];
  if (problems.length > 0) return refuse(problems, json, host);
  const scenario: SimulationScenario = { config, roadmap, days, seed, tasks, faults };
  const report = await host.simulator.run(scenario, (part) =>
    host.showProgress(`Simulating ${days} days: ${Math.round(part * 100)} %`),
  );
  host.showProgress(null);
  if (json) host.print(JSON.stringify({ ok: true, ...report }));
  else for (const line of renderSimulation(report)) host.print(line);
  return EXIT.ok;
}

/** The setting of that name; undefined when there is none. */
export function readFaultSetting(text: string): FaultSetting | undefined {
  return FAULT_SETTINGS.find((setting) => setting === text);
}

function refuse(problems: readonly string[], json: boolean, host: CliHost): ExitCode {
  if (json) host.print(JSON.stringify({ ok: false, problems }));
  else for (const problem of problems) host.print(problem);
  return EXIT.wrong;
}

function findConfigProblems(text: string): readonly Problem[] {
  const parsed = parseConfig(text);
  return parsed.ok ? [] : parsed.problems;
}

function findRoadmapProblems(text: string): readonly Problem[] {
  const parsed = parseRoadmap(text);
  return parsed.ok ? [] : parsed.problems;
}

function describeProblems(file: string, problems: readonly Problem[]): readonly string[] {
  return problems.map((problem) => `${file}:${renderProblem(problem)}`);
}

/** What is valid by itself and yet would show nothing. */
function describeMismatch({ config: file, roadmap }: SimulateOptions, text: string): readonly string[] {
  const parsed = parseConfig(text);
  if (!parsed.ok) return [];
  const { config } = parsed;
  const rows: readonly (readonly [boolean, string])[] = [
    [
      Object.keys(config.kinds).length === 0,
      `${file}: no kind is configured, so there is nothing to run: add one under \`kinds\`.`,
    ],
    [
      roadmap !== undefined && config.roadmap === undefined,
      `${file}: it names no roadmap, so ${roadmap} would not be read: add \`roadmap: .github/roadmap.yml\`.`,
    ],
  ];
  return rows.flatMap(([isWrong, problem]) => (isWrong ? [problem] : []));
}
