/** Text that may hold `${{ }}` expressions. */
export type Template = string;

export type TemplateMap = Readonly<Record<string, Template>>;

export type PermissionLevel = "read" | "write" | "none";

/** What a job token may do; `null` in a definition means "not said here". */
export type Permissions = Readonly<Record<string, PermissionLevel>>;

export interface InputDefinition {
  readonly type: "string" | "boolean" | "number" | "choice" | "environment";
  readonly required: boolean;
  readonly default: string | null;
  readonly options: readonly string[];
}

export interface Trigger {
  /** Keys are `types`, `branches`, `branches-ignore`, `tags`, `tags-ignore`, `paths`, `paths-ignore`, `workflows`. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly inputs: ReadonlyMap<string, InputDefinition>;
  /** Outputs of a reusable workflow. */
  readonly outputs: TemplateMap;
}

export interface Concurrency {
  readonly group: Template;
  readonly cancelInProgress: Template;
}

export interface StepDefinition {
  readonly id: string | null;
  readonly name: Template | null;
  readonly condition: string;
  readonly env: TemplateMap;
  readonly continueOnError: Template;
  readonly timeoutMinutes: Template | null;
  readonly work:
    | { readonly kind: "run"; readonly script: Template; readonly workingDirectory: Template | null }
    | { readonly kind: "uses"; readonly action: string; readonly with: TemplateMap };
}

export interface MatrixStrategy {
  /** The matrix as written: lists, `include` and `exclude`, or one expression. */
  readonly matrix: unknown;
  readonly failFast: Template;
  readonly maxParallel: Template | null;
}

export interface JobDefinition {
  readonly id: string;
  readonly name: Template | null;
  readonly needs: readonly string[];
  readonly condition: string;
  readonly runsOn: unknown;
  readonly env: TemplateMap;
  readonly outputs: TemplateMap;
  readonly permissions: Permissions | null;
  readonly timeoutMinutes: Template | null;
  readonly continueOnError: Template;
  readonly workingDirectory: Template | null;
  readonly strategy: MatrixStrategy | null;
  readonly work:
    | { readonly kind: "steps"; readonly steps: readonly StepDefinition[] }
    | {
        readonly kind: "call";
        readonly path: string;
        readonly with: Readonly<Record<string, unknown>>;
        readonly secrets: TemplateMap | "inherit";
      };
}

export interface WorkflowDefinition {
  readonly name: string | null;
  readonly runName: Template | null;
  readonly triggers: ReadonlyMap<string, Trigger>;
  readonly permissions: Permissions | null;
  readonly env: TemplateMap;
  readonly workingDirectory: Template | null;
  readonly concurrency: Concurrency | null;
  /** In an order in which every job comes after the jobs it needs. */
  readonly jobs: readonly JobDefinition[];
}
