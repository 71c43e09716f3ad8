/** Files that prove the work or decide what proves it; each line of them counts. */
export interface ProtectedFiles {
  /** What such a file is, as half of a sentence. */
  readonly is: string;
  readonly globs: readonly string[];
  /** What needs no person. In other files than those of coverage nobody knows for certain which way is stricter. */
  readonly mayChange: readonly ("comments" | "stricter bounds")[];
}

const anyOf = (...names: readonly string[]) => `**/{${names.join(",")}}`;

/** The first that matches counts. */
export const PROTECTED_FILES: readonly ProtectedFiles[] = [
  {
    is: "the rules of gates and agents",
    globs: [".github/{orchestrator,orchestrator-organisation}.{yml,yaml}", ".github/orchestrator/**"],
    mayChange: [],
  },
  {
    is: "what CI and hooks run",
    globs: [
      "**/.github/{workflows,actions}/**",
      "**/{.circleci,.buildkite,.teamcity,.tekton,.semaphore,.woodpecker,.azure-pipelines}/**",
      "**/.gitlab/ci/**",
      anyOf(
        "{.,}gitlab-ci*.{yml,yaml}",
        "Jenkinsfile*",
        "*.jenkinsfile",
        "{.,}azure-pipelines*.{yml,yaml}",
        "{.travis,.appveyor,appveyor,bitbucket-pipelines,.drone,.woodpecker,.cirrus,wercker,codefresh,cloudbuild,buildspec}.{yml,yaml}",
        ".{husky,pre-commit-config.yaml}",
        "{lefthook,.lefthook}.{yml,yaml,toml}",
        "{.lintstagedrc*,lint-staged.config.*}",
        // Workflows may use an action from anywhere in the tree.
        "action.{yml,yaml}",
        "{Dangerfile,dangerfile.*}",
      ),
      "**/.husky/**",
    ],
    mayChange: [],
  },
  { is: "who owns the code", globs: ["**/CODEOWNERS"], mayChange: [] },
  {
    is: "a list of known findings",
    globs: [
      anyOf(
        "*baseline*.{json,jsonc,yml,yaml,xml,neon,toml,txt,csv,sarif,php,lock}",
        ".*baseline",
        ".{eslint,rubocop,tslint,stylelint,markdownlint,haml-lint,erb-lint}{-,_}todo*",
        "eslint-suppressions.json",
        ".betterer.results",
        ".{gitleaksignore,trivyignore*,snyk,semgrepignore,nsprc,osvignore,checkov.baseline}",
      ),
    ],
    mayChange: [],
  },
  {
    is: "the settings of coverage",
    globs: [
      anyOf(
        ".{coveragerc*,simplecov,lcovrc,nycrc*,c8rc*,testcoverage.yml,codecov.yml,codecov.yaml,coveralls.yml}",
        "{codecov,coverage,coveralls,tarpaulin,jacoco*}.{yml,yaml,toml,xml,json}",
        "{nyc,c8}.config.*",
        "*.runsettings",
        "stryker.{conf,config}.*",
        ".stryker*",
        "infection.json*",
      ),
    ],
    mayChange: ["comments", "stricter bounds"],
  },
  {
    is: "the rules of linters and compilers",
    globs: [
      anyOf(
        ".{eslintrc,stylelintrc,oxlintrc,jshintrc,jscsrc,htmlhintrc,markdownlint,yamllint,ansible-lint,pylintrc,flake8,rubocop,reek,swiftlint,golangci,clippy,scalafix,luacheckrc,solhint,hlint,clang-tidy,ls-lint,dependency-cruiser,textlintrc,lintr,perlcriticrc,shellcheckrc,hadolint,bandit,codeclimate,deepsource,credo,mega-linter,actionlint,ruff,mypy,phpcs,phplint,spectral,jscpd}*",
        ".{eslint,stylelint,oxlint,biome,markdownlint,solhint,tslint}ignore",
        "{eslint,stylelint,xo,oxlint,commitlint,knip,depcruise,size-limit,bundlewatch}.config.*",
        "{biome,.biome,oxlint,tslint,knip,pyrightconfig,basedpyrightconfig,lighthouserc,lighthouse-budget,bundlesize.config}.{json,jsonc,json5}",
        ".{size-limit,bundlewatch,lighthouserc,knip}*",
        "{pylintrc,ruff.toml,mypy.ini,clippy.toml,analysis_options.yaml,qodana.yaml,selene.toml,dprint-lint.json}",
        "{detekt,checkstyle,pmd,spotbugs,findbugs,scalastyle,phpmd,phpcs,phpstan,psalm,error-prone}*.{yml,yaml,xml,neon,xml.dist,neon.dist}",
        "{phpcs,psalm,phpstan}.*.dist",
        "*.{ruleset,globalconfig}",
        "golangci.{yml,yaml,toml}",
        "lint.xml",
      ),
    ],
    mayChange: ["comments"],
  },
  {
    is: "what scanners look for",
    globs: [
      anyOf(
        ".{semgrep,gitleaks,trivy,checkov,tfsec,tflint,kics,terrascan,grype,snyk,sonarcloud,whitesource,zizmor,betterleaks}*",
        "{semgrep,gitleaks,trivy,zizmor,osv-scanner,audit-ci,sonar-project,sonarlint,dependency-check-suppressions,suppressions}.{yml,yaml,toml,json,jsonc,properties,xml,hcl}",
        "codeql-config*.{yml,yaml}",
        "{deny,audit}.toml",
        "sonar*.properties",
      ),
      "**/{.semgrep,.tfsec,.github/codeql}/**",
    ],
    mayChange: ["comments"],
  },
];
