import { describe, expect, it } from "vitest";
import type { ChangedFile } from "../../../src/core/facts.ts";
import { integrityGate } from "../../../src/core/gate/rules/integrity.ts";
import { busyMs } from "../../support/busy-ms.ts";
import { buildFile, buildGates, buildSubject, patchOf, wordOf } from "./build-subject.ts";

function answer(...files: readonly Partial<ChangedFile>[]) {
  return integrityGate.evaluate(buildSubject({ pull: { files: files.map((file) => buildFile(file)) } }));
}

/** What the gate names of files that are changed like this. */
function name(...files: readonly Partial<ChangedFile>[]): readonly string[] {
  const given = answer(...files);
  return "details" in given ? (given.details ?? []) : [];
}

const judge = (...files: readonly Partial<ChangedFile>[]) => wordOf(answer(...files));
const nameLines = (path: string, ...lines: readonly string[]) => name({ path, patch: patchOf(...lines) });

describe("integrityGate names a suppression that comes", () => {
  it.each([
    ["src/a.ts", "// eslint-disable-next-line no-console"],
    ["src/a.ts", "foo(); // eslint-disable-line"],
    ["src/a.ts", "/* eslint-disable */"],
    ["src/a.ts", "/* eslint no-console: 0 */"],
    ["src/a.ts", '/* eslint "no-console": "off" */'],
    ["src/a.ts", "eslint-disable no-console"],
    ["src/a.tsx", "{/* @ts-ignore */}"],
    ["src/a.ts", "//@ts-ignore"],
    ["src/a.ts", "///   @ts-expect-error"],
    ["src/a.ts", "* @ts-ignore */"],
    ["src/a.js", "// @ts-nocheck"],
    ["src/a.ts", "// biome-ignore lint/suspicious/noExplicitAny: later"],
    ["src/a.ts", "// oxlint-disable-next-line"],
    ["src/a.ts", "// tslint:disable"],
    ["src/a.ts", "// deno-lint-ignore no-explicit-any"],
    ["src/a.js", "// $FlowFixMe"],
    ["src/a.js", "/* istanbul ignore next */"],
    ["src/a.js", "/* c8 ignore start */"],
    ["src/a.js", "/* v8 ignore next 3 */"],
    ["src/a.js", "/* node:coverage disable */"],
    ["src/a.css", "/* stylelint-disable */"],
    ["src/a.vue", "<!-- eslint-disable -->"],
    ["src/a.js", "// Stryker disable all"],
    ["a.py", "import x  # noqa"],
    ["a.py", "import x  #noqa:F401"],
    ["a.py", "# ruff: noqa"],
    ["a.py", "# flake8: noqa"],
    ["a.py", "x = y  # type: ignore[attr-defined]"],
    ["a.py", "x = y  # pyright: ignore"],
    ["a.py", "# pyright: basic"],
    ["a.py", "# mypy: ignore-errors"],
    ["a.py", "# pylint: disable=all"],
    ["a.py", "# for now, pylint: disable=all"],
    ["a.py", "# pylint: skip-file"],
    ["a.py", "eval(x)  # nosec B307"],
    ["a.py", "eval(x)  # nosemgrep"],
    ["a.py", "if x:  # pragma: no cover"],
    ["a.py", "if x:  # pragma no branch"],
    ["a.py", "# pyre-fixme[7]"],
    ["a.py", "@no_type_check"],
    ["a.py", "# NOSONAR"],
    ["a.go", "x := 1 //nolint:errcheck"],
    ["a.go", "x := 1 // #nosec G104"],
    ["a.go", "//lint:ignore SA1000 later"],
    ["a.cc", "int x; // NOLINT"],
    ["a.cc", "// NOLINTNEXTLINE(bugprone)"],
    ["a.cc", "#pragma GCC diagnostic ignored"],
    ["a.cc", "#pragma warning(disable : 4996)"],
    ["a.cc", "// LCOV_EXCL_START"],
    ["a.cc", "// cppcheck-suppress nullPointer"],
    ["a.rs", "#[allow(dead_code)]"],
    ["a.rs", "#![allow(clippy::all)]"],
    ["a.rs", "#[cfg_attr(test, allow(unused))]"],
    ["a.rs", "#[expect(unused)]"],
    ["a.rs", "#[coverage(off)]"],
    ["A.java", '@SuppressWarnings("unchecked")'],
    ["A.java", "@java.lang.SuppressWarnings"],
    ["A.java", "@SuppressFBWarnings"],
    ["A.java", "// CHECKSTYLE:OFF"],
    ["A.java", "int x; // NOPMD"],
    ["a.kt", '@Suppress("detekt.LongMethod")'],
    ["a.kt", '@file:Suppress("all")'],
    ["a.scala", "// scalastyle:off"],
    ["a.scala", "// $COVERAGE-OFF$"],
    ["a.cs", "#pragma warning disable CS8600"],
    ["a.cs", "#nullable disable"],
    ["a.cs", '[SuppressMessage("x", "y")]'],
    ["a.cs", "[ExcludeFromCodeCoverage]"],
    ["a.cs", "// ReSharper disable All"],
    ["a.rb", "x # rubocop:disable all"],
    ["a.rb", "x # rubocop : todo Lint"],
    ["a.rb", "# :nocov:"],
    ["a.rb", "# typed: ignore"],
    ["a.php", "// phpcs:ignore"],
    ["a.php", "/** later @phpstan-ignore-line */"],
    ["a.php", "/** @psalm-suppress All */"],
    ["a.php", "// @codeCoverageIgnoreStart"],
    ["a.swift", "// swiftlint:disable all"],
    ["a.dart", "// ignore: unused_import"],
    ["a.dart", "// coverage:ignore-line"],
    ["a.lua", "-- luacheck: ignore"],
    ["a.sql", "select 1 -- noqa"],
    ["a.pl", "## no critic"],
    ["a.R", "x # nocov"],
    ["a.hs", "{-# OPTIONS_GHC -Wno-unused-imports #-}"],
    ["a.sh", "# shellcheck disable=SC2086"],
    ["Dockerfile", "# hadolint ignore=DL3008"],
    ["a.yml", "key: x # gitleaks:allow"],
    ["a.yml", "# yamllint disable"],
    ["a.tf", "#trivy:ignore:AVD-AWS-1"],
    ["a.tf", "#checkov:skip=CKV_1"],
    ["a.tf", "#tfsec:ignore:all"],
    ["a.xml", '<View tools:ignore="All" />'],
  ])("in %s: %s", (path, line) => {
    expect(nameLines(path, "+const a = 1;", `+  ${line}`)).toHaveLength(1);
    expect(nameLines(path, `-  ${line}`)).toEqual([]);
  });

  it("with its path, its line and its words", () => {
    const patch = ["@@ -10,1 +12,2 @@", " const a = 1;", "+foo(); // eslint-disable-line"].join("\n");

    expect(answer({ patch })).toEqual({
      gate: "integrity",
      verdict: "BLOCKED",
      message:
        "The change touches what proves the work in 1 place: `src/price.ts` line 13: suppresses a rule: `// eslint-disable-line`.",
      seen: "1 place",
      wanted: "what proves the work stays as it is",
      howToFix:
        "Leave what proves the work as it is, or have a maintainer look at it: `/orchestrate override integrity -- reason`.",
      details: ["`src/price.ts` line 13: suppresses a rule: `// eslint-disable-line`"],
    });
  });

  it("also when it hides behind a line end that only compilers know", () => {
    expect(nameLines("src/a.ts", "+// fine\r// @ts-ignore")).toHaveLength(1);
    expect(nameLines("src/a.ts", "+// fine\u2028// @ts-ignore")).toHaveLength(1);
  });

  it("also behind more of these than a call takes arguments", () => {
    expect(nameLines("src/a.ts", `+${"\r".repeat(200_000)}// @ts-ignore`)).toHaveLength(1);
  });

  it("also as the second one of its line, and when it gets wider", () => {
    const first = "/* istanbul ignore next */ foo();";
    expect(nameLines("src/a.ts", `-${first}`, `+${first} // eslint-disable-line`)).toHaveLength(1);
    expect(nameLines("a.py", "-x # noqa: E501", "+x # noqa")).toHaveLength(1);
    expect(nameLines("a.py", "-x # noqa", "+x # noqa", "+y # noqa")).toHaveLength(1);
  });
});

describe("integrityGate lets pass", () => {
  it.each<[string, string, ...string[]]>([
    ["a suppression that moves", "a.py", "-x = 1 # noqa", " y = 2", "+x = 1 # noqa"],
    ["code that changes beside a suppression", "a.py", "-x = 1 # noqa", "+x = 2 # noqa"],
    ["code behind a suppression", "src/a.ts", "-/* v8 ignore next */ a();", "+/* v8 ignore next */ b();"],
    ["a rule that counts again", "src/a.ts", "+/* eslint-enable */"],
    [
      "a sentence that ignores",
      "src/a.ts",
      "+// ignore: the caller does not care",
      "+// we ignore types here",
    ],
    [
      "a name like a linter's",
      "src/a.ts",
      "+const eslintDisabled = noqa(nosec);",
      "+import x from './nolint';",
    ],
    ["nanoseconds", "src/a.ts", "+// nanoseconds since the epoch"],
    ["an assertion about expectations", "a.rs", "+#[should_panic(expected = 1)]", "+#[derive(Debug)]"],
    ["prose about suppressions", "docs/a.md", "+Use `// eslint-disable` never."],
    ["another mail header", "a.py", "+Pragma: no-cache"],
    ["a threshold of the business", "src/price.ts", "-const threshold = 5;", "+const threshold = 9;"],
    ["a tolerance of the business", "config/shop.yml", "-tolerance: 5", "+tolerance: 9"],
    [
      "a version of a coverage tool",
      "package.json",
      '-"@vitest/coverage-v8": "4.0.1",',
      '+"@vitest/coverage-v8": "4.1.0",',
    ],
    ["a linter's version", "package.json", '-"eslint": "^9.0.0",', '+"eslint": "^9.1.0",'],
    ["where types are", "package.json", '-"types": "a.d.ts",', '+"types": "b.d.ts",'],
    ["another build", "package.json", '-"build": "a",', '+"build": "b",'],
    [
      "a schema of another version",
      "biome.json",
      '-"$schema": "https://biomejs.dev/2.0",',
      '+"$schema": "https://biomejs.dev/2.1",',
    ],
    ["a comment of a linter's settings", ".flake8", "-# old", "+# new"],
    ["a stricter floor", ".nycrc", '-"lines": 80,', '+"lines": 81.5,'],
    [
      "a stricter floor of codecov",
      "codecov.yml",
      "     default:",
      "-      target: 80%",
      "+      target: 85%",
    ],
    ["a stricter ceiling", "codecov.yml", "-  max_coverage: 12", "+  max_coverage: 8"],
    ["a new version of Java", "build.gradle", "-targetCompatibility = 17", "+targetCompatibility = 21"],
    ["longer lines of an editor", ".editorconfig", "-max_line_length = 80", "+max_line_length = 100"],
    [
      "stricter types",
      "tsconfig.json",
      '+  "noUncheckedIndexedAccess": true,',
      '-  "skipLibCheck": true,',
      '+  "skipLibCheck": false,',
    ],
    ["another target of a compiler", "tsconfig.json", '-"target": "es2024",', '+"target": "es2025",'],
    ["more paths of a compiler", "tsconfig.json", '   "paths": {', '+"@/*": ["src/*"],'],
    ["an item of another list", "tsconfig.json", '   "lib": [', '+    "dom",'],
    ["one more rule of ruff", "pyproject.toml", " select = [", '+  "B",'],
    ["a dependency of Python", "pyproject.toml", " dependencies = [", '+  "httpx/2",'],
    ["stricter mypy", "pyproject.toml", "-disallow_untyped_defs = false", "+disallow_untyped_defs = true"],
    ["a dependency called retry", "package.json", '-"retry": "^0.12.0",', '+"retry": "^0.13.0",'],
    ["a stricter rule of a package", "package.json", '-"eqeqeq": "warn",', '+"eqeqeq": "error",'],
    ["a stricter lint of Rust", "Cargo.toml", '-unused = "warn"', '+unused = "deny"'],
    [
      "a dependency of Rust",
      "Cargo.toml",
      '+serde = "1.0"',
      '+tokio = { version = "1", features = ["full"] }',
    ],
    ["a dependency of Java left out", "build.gradle", "+  exclude group: 'org.slf4j'"],
    ["a target of make that builds", "Makefile", "+build:", "+\tnode build.js"],
    ["one more command of a script", "scripts/ci.sh", " set -e", "+npm run lint:docs", "+exit 1"],
    ["a comment of a script", "scripts/lint.sh", "-# eslint is slow", "+# eslint takes a minute"],
    ["a script that checks nothing", "scripts/deploy.sh", "-./release 1", "+./release 2", "+exit 0"],
    ["one more package", "pnpm-workspace.yaml", "   - packages/*", "+  - tools/*"],
    ["one more target of Bazel", "src/BUILD.bazel", '+py_test(name = "b")'],
    ["a tool of another version", "package.json", '-"eslint": "^9.0.0",', '+"eslint": "^10.0.0",'],
    ["pictures that are binary", ".gitattributes", "+*.webp binary", "+*.sh text eol=lf"],
  ])("%s", (_, path, ...lines) => {
    expect(nameLines(path, ...lines)).toEqual([]);
    expect(judge({ path, patch: patchOf(...lines) })).toBe("PASS");
  });

  it("new parts that bring settings of their own", () => {
    const status = "added";
    expect(judge({ path: "packages/a/package.json", status, patch: patchOf('+"test": "vitest run"') })).toBe(
      "PASS",
    );
    expect(judge({ path: "packages/a/tsconfig.json", status, patch: patchOf('+"strict": true') })).toBe(
      "PASS",
    );
    expect(judge({ path: "packages/a/tsconfig.json", status, patch: patchOf('+"strict": false') })).toBe(
      "BLOCKED",
    );
    expect(judge({ path: "package.json", status, patch: patchOf('+"test": "true"') })).toBe("BLOCKED");
  });

  it("pictures, moved code, deleted code and empty packages", () => {
    const none = { patch: null, additions: 0, deletions: 0 };
    expect(judge({ path: "logo.png", status: "modified", ...none })).toBe("PASS");
    expect(judge({ path: "b.ts", previousPath: "a.ts", status: "renamed", ...none })).toBe("PASS");
    expect(judge({ path: "a.ts", status: "removed", ...none, deletions: 90_000 })).toBe("PASS");
    expect(judge({ path: "a/__init__.py", status: "added", ...none })).toBe("PASS");
    expect(judge({ path: "src/a.ts", status: "unchanged", ...none })).toBe("PASS");
  });
});

describe("integrityGate names a change of", () => {
  it("F151 a submodule, of which nothing else is shown", () => {
    const [from, to] = ["a", "b"].map((digit) => `Subproject commit ${digit.repeat(40)}`);

    expect(nameLines("vendor/lib", `-${from}`, `+${to}`)).toEqual([
      "`vendor/lib`: points at files of another repository, which are not shown",
    ]);
  });

  it.each<[string, string, string, ...string[]]>([
    ["a workflow", "what CI and hooks run", ".github/workflows/ci.yml", "-a: 1", "+a: 2"],
    ["a workflow by a comment", "what CI and hooks run", ".github/workflows/ci.yml", "+# nothing"],
    ["an action", "what CI and hooks run", "a/.github/actions/x/action.yml", "-a", "+b"],
    [
      "an action that is kept elsewhere",
      "what CI and hooks run",
      "ci/setup/action.yml",
      "-run: npm test",
      "+run: 'true'",
    ],
    ["what Danger looks for", "what CI and hooks run", "dangerfile.ts", "-fail('no')", "+warn('no')"],
    ["GitLab's CI", "what CI and hooks run", ".gitlab-ci.yml", "-a", "+b"],
    ["Jenkins", "what CI and hooks run", "Jenkinsfile", "-a", "+b"],
    ["CircleCI", "what CI and hooks run", ".circleci/config.yml", "-a", "+b"],
    ["Azure's pipelines", "what CI and hooks run", "azure-pipelines.yml", "-a", "+b"],
    ["hooks", "what CI and hooks run", ".husky/pre-commit", "-a", "+b"],
    ["the gates", "the rules of gates and agents", ".github/orchestrator.yml", "-a", "+b"],
    ["the gates in other letters", "the rules of gates and agents", ".GitHub/Orchestrator.YML", "-a", "+b"],
    [
      "the floor of all repositories",
      "the rules of gates and agents",
      ".github/orchestrator-organisation.yml",
      "-a",
      "+b",
    ],
    ["an agent's words", "the rules of gates and agents", ".github/orchestrator/agent.md", "-# a", "+# b"],
    ["owners", "who owns the code", "docs/CODEOWNERS", "-* @a", "+* @b"],
    ["a baseline", "a list of known findings", "phpstan-baseline.neon", "-a", "+b"],
    ["a list of what is to do", "a list of known findings", ".rubocop_todo.yml", "+b: 1"],
    ["a baseline of secrets", "a list of known findings", ".secrets.baseline", "+b"],
    ["what a scanner passes over", "a list of known findings", ".semgrepignore", "+src/"],
    ["coverage", "the settings of coverage", ".coveragerc", "+omit = a"],
    ["coverage of codecov", "the settings of coverage", ".codecov.yml", "-target: 80%", "+target: 70%"],
    ["an allowed drop", "the settings of coverage", "codecov.yml", "-threshold: 1%", "+threshold: 2%"],
    ["a floor in another unit", "the settings of coverage", "codecov.yml", "-target: 80%", "+target: 90"],
    ["ESLint", "the rules of linters and compilers", "eslint.config.mjs", "-a: 'error',", "+a: 'off',"],
    [
      "Biome",
      "the rules of linters and compilers",
      "biome.json",
      '-"recommended": true',
      '+"recommended": false',
    ],
    ["ruff", "the rules of linters and compilers", "ruff.toml", "+ignore = ['E']"],
    ["mypy", "the rules of linters and compilers", "mypy.ini", "-strict = True"],
    ["golangci", "the rules of linters and compilers", ".golangci.yml", "-a", "+b"],
    ["checkstyle", "the rules of linters and compilers", "config/checkstyle/checkstyle.xml", "-a", "+b"],
    [
      "a bound that says how alike is too alike",
      "the rules of linters and compilers",
      ".jscpd.json",
      '-"minLines": 5',
      '+"minLines": 9',
    ],
    [
      "a floor above what may be missing",
      "the settings of coverage",
      ".nycrc",
      '-"lines": -10',
      '+"lines": 5',
    ],
    ["a floor that was a share", "the settings of coverage", ".nycrc", '-"lines": 0.8', '+"lines": 8'],
    ["code like a comment", "the rules of linters and compilers", "eslint.config.js", "+;rules.x = 'off'"],
    [
      "a private name like a comment",
      "the rules of linters and compilers",
      "eslint.config.js",
      "+#rules = off",
    ],
    ["a path of XML like a comment", "the rules of linters and compilers", "pmd.xml", "-//ForStatement"],
    ["a hidden comment", "the rules of linters and compilers", "eslint.config.js", "+// a /* b"],
    ["a swallowed line", "the rules of linters and compilers", ".flake8", "+# a \\"],
    ["gitleaks", "what scanners look for", ".gitleaks.toml", "+[allowlist]"],
    ["sonar", "what scanners look for", "sonar-project.properties", "+sonar.exclusions=src"],
    ["evaluation scripts", "scripts or data of the evaluation", "eval/run.py", "-a", "+b"],
    ["evaluation data in other letters", "scripts or data of the evaluation", "data/HOLDOUT.csv", "-a", "+b"],
    ["bounds beside code", "scripts or data of the evaluation", "src/thresholds.json", '-"a": 1', '+"a": 2'],
    ["strictness", "the strictness of checks", "tsconfig.json", '-"strict": true,', '+"strict": false,'],
    [
      "strictness on one line",
      "the strictness of checks",
      "tsconfig.json",
      '-{ "compilerOptions": { "strict": true } }',
      '+{ "compilerOptions": { "lib": [] } }',
    ],
    ["what is type checked", "the strictness of checks", "tsconfig.json", ' "exclude": [', '+"src/old",'],
    ["an unseen list of a compiler", "the strictness of checks", "tsconfig.json", ' "dist",', '+"src/old",'],
    [
      "a script that tests",
      "the commands that check the work",
      "package.json",
      '-"test": "vitest run",',
      '+"test": "true",',
    ],
    ["a script that lints", "the commands that check the work", "package.json", '-"lint:ci": "eslint .",'],
    ["a script twice", "the commands that check the work", "package.json", '+"lint": "true",'],
    [
      "a script before a script",
      "the commands that check the work",
      "package.json",
      '+"pretest": "rm -rf test",',
    ],
    [
      "tests that jest passes over",
      "the selection of tests",
      "package.json",
      '+"testPathIgnorePatterns": ["x"],',
    ],
    [
      "an item of what jest passes over",
      "the selection of tests",
      "package.json",
      ' "coveragePathIgnorePatterns": [',
      '+"src/old",',
    ],
    ["a floor of jest", "the thresholds", "jest.config.js", "-lines: 80,", "+lines: 60,"],
    [
      "a floor of vitest on one line",
      "the thresholds",
      "vitest.config.ts",
      "-x({ lines: 80, branches: 70 })",
      "+x({ lines: 90, branches: 60 })",
    ],
    ["a floor of pytest", "the thresholds", "pyproject.toml", "-fail_under = 80", "+fail_under = 79"],
    [
      "a floor in a word",
      "the selection of tests",
      "setup.cfg",
      "-addopts = --cov-fail-under=80",
      "+addopts = --cov-fail-under=8",
    ],
    ["tests that pytest leaves out", "the selection of tests", "pytest.ini", "+addopts = -k 'not hard'"],
    ["what ruff ignores", "the selection of tests", "pyproject.toml", " ignore = [", '+  "F401",'],
    [
      "what ruff ignores, out of sight",
      "the selection of tests",
      "pyproject.toml",
      '   "E501",',
      '+  "F401",',
    ],
    ["what flake8 ignores", "the selection of tests", "setup.cfg", " extend-ignore =", "+    F401"],
    ["what ruff selects", "the strictness of checks", "pyproject.toml", " select = [", '-  "F",'],
    ["what ruff ignores in a file", "the strictness of checks", "pyproject.toml", '+"tests/*" = ["S101"]'],
    ["a recipe that tests", "the commands that check the work", "Makefile", "-\tpytest -q", "+\t-pytest -q"],
    [
      "surefire",
      "the commands that check the work",
      "pom.xml",
      "+<testFailureIgnore>true</testFailureIgnore>",
    ],
    [
      "a floor of jacoco",
      "the commands that check the work",
      "pom.xml",
      "-<minimum>0.80</minimum>",
      "+<minimum>0.8</minimum><x/>",
    ],
    ["gradle", "the commands that check the work", "build.gradle.kts", "+ignoreFailures = true"],
    ["a lint of Rust", "the strictness of checks", "Cargo.toml", '-unused = "deny"', '+unused = "allow"'],
    ["warnings of .NET", "the strictness of checks", "a/B.csproj", "+<NoWarn>CS8600</NoWarn>"],
    ["a severity", "the strictness of checks", ".editorconfig", "+dotnet_diagnostic.CA1.severity = none"],
    [
      "a script that checks",
      "the commands that check the work",
      "scripts/lint.sh",
      "-eslint .",
      "+eslint . || true",
    ],
    [
      "a way out of a script that checks",
      "the commands that check the work",
      "scripts/ci.sh",
      " set -e",
      "+exit 0",
    ],
    [
      "a script of CI in a language",
      "the commands that check the work",
      "ci/run.py",
      "-call(['pytest'])",
      "+pass",
    ],
    ["a list of tasks", "the commands that check the work", "mise.toml", "-run = 'pytest'", "+run = 'true'"],
    ["the shell of npm", "the commands that check the work", ".npmrc", "+script-shell=/bin/true"],
    [
      "the shell of pnpm",
      "the commands that check the work",
      "pnpm-workspace.yaml",
      "+scriptShell: /bin/true",
    ],
    ["tests of Bun", "the selection of tests", "bunfig.toml", " [test]", '+root = "none"'],
    [
      "a tool that is replaced",
      "the commands that check the work",
      "package.json",
      '-"eslint": "^9.0.0",',
      '+"eslint": "file:./fake",',
    ],
    ["a target of Bazel", "the selection of tests", "src/BUILD.bazel", '-py_test(name = "a")'],
    ["a filter of Bazel", "the selection of tests", ".bazelrc", "+test --test_filter=none"],
    ["tests of sbt", "the selection of tests", "build.sbt", "+Test / test := {}"],
    ["tests of Swift", "the selection of tests", "Package.swift", '-.testTarget(name: "A")'],
    ["tests of Xcode", "the selection of tests", "a/A.xcscheme", '-skipped = "NO"', '+skipped = "YES"'],
    [
      "a floor of Elixir",
      "the selection of tests",
      "mix.exs",
      "-test_coverage: [x: 90]",
      "+test_coverage: [x: 1]",
    ],
    ["warnings of C", "the strictness of checks", "CMakeLists.txt", "-set(F -Wall -Werror)", "+set(F -Wall)"],
    [
      "files that SimpleCov leaves out",
      "the selection of tests",
      "spec/spec_helper.rb",
      "+add_filter '/lib/'",
    ],
    ["what is shown", "what is not shown", ".gitattributes", "+src/** -diff"],
    ["code that is called binary", "what is not shown", ".gitattributes", "+*.ts binary"],
    ["a bound among other settings", "the thresholds", "config/train.yaml", "-min_r2: 0.8", "+min_r2: 0.1"],
    ["a bound under its metric", "the thresholds", "params.yml", " r2:", "-  min: 0.8", "+  min: 0.1"],
    ["a bound that comes beside another", "the thresholds", "config/train.yaml", "+max_mape: 9"],
    ["a bound of settings about quality", "the thresholds", "config/quality.json", '-"max": 2', '+"max": 9'],
    [
      "a bound of a script that measures",
      "the thresholds",
      "pipeline/score.ts",
      "-TOLERANCE = 0.1",
      "+TOLERANCE = 9",
    ],
    [
      "a comparison of a script that measures",
      "the thresholds",
      "pipeline/verify-models.mjs",
      "-if (r2 < 0.8) fail();",
      "+if (r2 < 0.1) fail();",
    ],
    [
      "a bound of a helper of tests",
      "the thresholds",
      "test/support/near.ts",
      "-const tolerance = 0.1;",
      "+const tolerance = 9;",
    ],
    ["a bound that goes", "the thresholds", "config/train.yaml", "-min_r2: 0.8"],
  ])("%s", (_, is, path, ...lines) => {
    const [first = ""] = nameLines(path, ...lines);

    expect(first).toContain(is);
    expect(first).toMatch(/ line \d+: (?:adds to|removes from|changes) /u);
    expect(judge({ path, patch: patchOf(...lines) })).toBe("BLOCKED");
  });

  it("a threshold with the old words and the new ones", () => {
    expect(nameLines("codecov.yml", "-  target: 80%", "+  target: 60%")).toEqual([
      "`codecov.yml` line 1: changes the settings of coverage: `target: 80%` -> `target: 60%`",
    ]);
  });

  it("files that come, go and move as a whole", () => {
    const files = [
      { path: "biome.json", status: "removed", patch: patchOf("-{}") },
      { path: "src/.eslintrc", status: "added", patch: patchOf("+{}") },
      { path: "old/ci.yml", previousPath: ".github/workflows/ci.yml", status: "renamed", patch: null },
      { path: "old/a.csv", previousPath: "golden/a.csv", status: "renamed", patch: null },
      { path: "old/tsconfig.json", previousPath: "tsconfig.json", status: "renamed", patch: null },
      { path: "eval/data.bin", status: "modified", patch: null },
    ] as const;

    expect(name(...files)).toEqual([
      "`biome.json`: removes the rules of linters and compilers",
      "`src/.eslintrc`: adds the rules of linters and compilers",
      "`old/ci.yml`: moves from `.github/workflows/ci.yml` what CI and hooks run",
      "`old/a.csv`: moves from `golden/a.csv` scripts or data of the evaluation",
      "`old/tsconfig.json`: moves settings from `tsconfig.json`",
      "`eval/data.bin`: changes scripts or data of the evaluation",
    ]);
  });

  it("steps of CI that only change their places", () => {
    const lines = ["-    continue-on-error: true", "   - run: npm test", "+    continue-on-error: true"];
    expect(nameLines(".github/workflows/ci.yml", ...lines)).toEqual([
      "`.github/workflows/ci.yml`: changes what CI and hooks run",
    ]);
  });

  it("the roadmap, where it is", () => {
    const pull = { files: [buildFile({ path: "plans/Roadmap.yml" })] };
    const roadmap = "plans/roadmap.yml";
    expect(wordOf(integrityGate.evaluate(buildSubject({ pull, config: { roadmap } })))).toBe("BLOCKED");
    expect(wordOf(integrityGate.evaluate(buildSubject({ pull })))).toBe("PASS");
  });

  it("what the repository says that metrics come from, and only that", () => {
    const evaluate = (path: string) => {
      const gates = buildGates({ integrity: { enabled: true, evaluation: ["score/**"] } });
      return wordOf(integrityGate.evaluate(buildSubject({ gates, pull: { files: [buildFile({ path })] } })));
    };
    expect(evaluate("score/a.py")).toBe("BLOCKED");
    expect(evaluate("benchmarks/a.py")).toBe("PASS");
  });
});

describe("integrityGate and recorded answers", () => {
  const SNAP = "test/__snapshots__/a.test.ts.snap";
  const NEW_ENTRY = ["+", "+exports[`b 1`] = `", "+  2", "+`;"];

  const NEW_TEST = { path: "test/a.test.ts", patch: patchOf(" });", '+it("b", () => {', "+});") };

  it("lets new ones of new tests pass", () => {
    const pass = (path: string, ...lines: readonly string[]) =>
      expect(name({ path, patch: patchOf(...lines) }, NEW_TEST)).toEqual([]);
    pass(SNAP, " exports[`a 1`] = `", "   1", " `;", ...NEW_ENTRY);
    pass(SNAP, " exports[`a 1`] = `1`;", "+", "+exports[`b 1`] = `2`;");
    pass(SNAP, " exports[`a 1`] = `1`;", "+", "+exports[`b: later 1`] = `2`;");
    expect(
      name(
        {
          path: "t/__snapshots__/test_a.ambr",
          patch: patchOf(" # ---", "+# name: test_b[two]", "+  2", "+# ---"),
        },
        { path: "t/test_a.py", patch: patchOf("     assert a == snapshot", "+def test_b(snapshot):") },
      ),
    ).toEqual([]);
  });

  it("lets new files and headers pass", () => {
    expect(name({ path: SNAP, status: "added", patch: patchOf(...NEW_ENTRY) })).toEqual([]);
    expect(nameLines(SNAP, "-// Jest Snapshot v1, a", "+// Jest Snapshot v1, b")).toEqual([]);
  });

  it.each<[string, string, string, ...string[]]>([
    [
      "whose key is shown",
      "is there already",
      SNAP,
      " exports[`b 1`] = `1`;",
      " ",
      "+exports[`b 1`] = `2`;",
      "+",
    ],
    [
      "whose key is behind it",
      "is there already",
      SNAP,
      " exports[`a 1`] = `1`;",
      "+exports[`b 1`] = `2`;",
      " exports[`b 1`] = `1`;",
    ],
    ["that comes twice", "is there already", SNAP, " `;", "+exports[`b 1`] = `2`;", "+exports[`b 1`] = `3`;"],
    [
      "that stands behind a later one",
      "stands where no tool writes it",
      SNAP,
      " exports[`c 2`] = `1`;",
      "+exports[`b 1`] = `2`;",
    ],
    [
      "that stands before an earlier one",
      "stands where no tool writes it",
      SNAP,
      " `;",
      "+exports[`b 1`] = `2`;",
      " exports[`a 9`] = `1`;",
    ],
  ])("names one %s", (_, why, path, ...lines) => {
    const at = lines.findLastIndex((line) => line.startsWith("+e")) + 1;
    expect(name({ path, patch: patchOf(...lines) }, NEW_TEST).at(-1)).toBe(
      `\`${path}\` line ${at}: records an answer that ${why} and may take an old one's place: \`b 1\``,
    );
  });

  it("names one whose key only the head of the hunk shows", () => {
    const head = "@@ -9,1 +9,2 @@ exports[`b 1`] = `";
    expect(name({ path: SNAP, patch: `${head}\n \`;\n+exports[\`b 1\`] = \`2\`;` }, NEW_TEST)).toEqual([
      `\`${SNAP}\` line 10: records an answer that is there already and may take an old one's place: \`b 1\``,
    ]);
  });

  it.each<[string, Partial<ChangedFile>]>([
    ["no test", { path: "src/a.ts", patch: patchOf('+it("b", () => {') }],
    ["a test in another file", { ...NEW_TEST, path: "test/c.test.ts" }],
    ["a test of another name", { ...NEW_TEST, patch: patchOf('+it("ab", () => {', "+});") }],
    ["a test that was there", { ...NEW_TEST, patch: patchOf(' it("b", () => {', "+  run();") }],
    ["a test whose name says nothing", { ...NEW_TEST, patch: patchOf('+it.each(rows)("%s", () => {') }],
  ])("names one that comes with %s", (_, test) => {
    expect(
      name({ path: SNAP, patch: patchOf(" exports[`a 1`] = `1`;", "+exports[`b 1`] = `2`;") }, test),
    ).toEqual([
      `\`${SNAP}\` line 2: records an answer that comes without a new test of its name and may take an old one's place: \`b 1\``,
    ]);
  });

  it.each([
    ["in a group", "shop > prices b 1", '+it("b", () => {'],
    ["whose name has quotes", "says `no` 1", '+it("says `no`", () => {'],
    ["whose name stands alone on its line", "adds one 1", '+  "adds one",'],
    ["that is filled in", "adds 1 and 2 to 3 1", '+])("adds $a and $b to %i", () => {'],
    ["with a number that grows", "b 12", '+it("b", () => {'],
  ])("lets one pass of a new test %s", (_, key, line) => {
    const quoted = key.replaceAll("`", "\\`");
    const entry = { path: SNAP, patch: patchOf(" `;", `+exports[\`${quoted}\`] = \`2\`;`) };
    expect(name(entry, { ...NEW_TEST, patch: patchOf(line) })).toEqual([]);
  });

  it.each([
    ["written with other quotes", '+exports["b 1"] = `2`;'],
    ["whose key is written with numbers of letters", "+exports[`\\u0062 1`] = `2`;"],
    ["whose key is computed", `+exports[\`\${'b'} 1\`] = \`2\`;`],
    ["that runs something", `+exports[\`b 1\`] = \`\${process.exit()}\`;`],
    ["behind a header that has another line in it", "+// Jest Snapshot v1\u2028exports[`a 1`] = `2`;"],
    ["with another on its line", "+exports[`b 1`] = `2`; exports[`a 1`] = `2`;"],
    ["with something behind its end", "+exports[`b 1`] = `2`;", "+exports.c = `3`;"],
    ["that another statement follows in its text", "+exports[`b 1`] = `2`.trim(), `3`;"],
  ])("names one %s", (_, ...lines) => {
    expect(name({ path: SNAP, patch: patchOf(" exports[`a 1`] = `1`;", ...lines) }, NEW_TEST)).toEqual([
      `\`${SNAP}\`: changes recorded answers`,
    ]);
  });

  it("names one whose key is shown in a file with the line ends of Windows", () => {
    const path = "t/__snapshots__/test_a.ambr";
    const lines = [" # name: test_b", " # ---", "+# name: test_b", "+  2", "+# ---"];
    const patch = patchOf(...lines)
      .replaceAll(/\n|$/gu, "\r\n")
      .replace("describe\r", "describe");
    expect(name({ path, patch: patch.replace(/\r\n$/u, "\r") }, { path: "t/test_a.py" })).toEqual([
      `\`${path}\` line 3: records an answer that is there already and may take an old one's place: \`test_b\``,
    ]);
  });

  it("lets keys stand in whatever order tools sort numbers and capitals", () => {
    const around = [" exports[`b 2`] = `1`;", "+exports[`b 10`] = `2`;", " exports[`C 1`] = `1`;"];
    expect(name({ path: SNAP, patch: patchOf(...around) }, NEW_TEST)).toEqual([]);
  });

  it.each<[string, string, ...string[]]>([
    ["one that changes", SNAP, "-exports[`a 1`] = `1`;", "+exports[`a 1`] = `2`;"],
    ["one that goes", SNAP, "-exports[`a 1`] = `1`;"],
    ["one that gets longer", SNAP, " exports[`a 1`] = `", "   1", "+  2", " `;"],
    ["one that gets a blank line", SNAP, " exports[`a 1`] = `", "   1", "+", " `;"],
    [
      "one that is cut in two",
      SNAP,
      " exports[`a 1`] = `",
      "   1",
      "+`;",
      "+",
      "+exports[`b 1`] = `",
      "   2",
      " `;",
    ],
    [
      "one of syrupy that is cut in two",
      "t/__snapshots__/a.ambr",
      "   1",
      "+# name: b",
      "+  2",
      "+# ---",
      "   3",
    ],
    ["one that loses a line of comment", SNAP, " exports[`a 1`] = `", "-// 1", " `;"],
    ["an approved file that gets longer", "t/a.approved.txt", " a", "+b"],
  ])("names %s", (_, path, ...lines) => {
    expect(nameLines(path, ...lines)).toEqual([`\`${path}\`: changes recorded answers`]);
  });

  it("names pictures, moves, and new ones while old ones go", () => {
    expect(name({ path: "a/__image_snapshots__/a.png", patch: null })).toHaveLength(1);
    expect(
      name(
        { path: SNAP, status: "removed", patch: patchOf("-exports[`a 1`] = `1`;") },
        { path: "b.snap", status: "added", patch: patchOf("+exports[`a 1`] = `2`;") },
      ),
    ).toEqual([`\`${SNAP}\`: removes recorded answers`, "`b.snap`: records answers anew, while others go"]);
    expect(name({ path: "b.snap", previousPath: "a.snap", status: "renamed", patch: null })).toEqual([
      "`b.snap`: moves recorded answers from `a.snap`",
    ]);
  });
});

describe("integrityGate and what it cannot see", () => {
  it("F149 blocks when the list of files is not complete", () => {
    expect(wordOf(integrityGate.evaluate(buildSubject({ pull: { files: null } })))).toBe("BLOCKED");
    expect(wordOf(integrityGate.evaluate(buildSubject({ pull: { changedFiles: 2 } })))).toBe("BLOCKED");
  });

  it.each<[string, Partial<ChangedFile>]>([
    ["code that is too large", { path: "src/a.ts", patch: null, additions: 9000 }],
    ["code that is cut off", { path: "src/a.ts", patch: patchOf("+a"), additions: 2 }],
    ["code that is said to be binary", { path: "src/a.ts", patch: null }],
    ["new code that is said to be binary", { path: "src/a.ts", patch: null, status: "added" }],
    ["a script without a type", { path: "Makefile", patch: null, additions: 1 }],
    ["settings", { path: "package.json", patch: null, additions: 1, deletions: 1 }],
    ["settings that lose lines", { path: "tsconfig.json", patch: null, deletions: 1 }],
  ])("blocks when GitHub does not show %s", (_, file) => {
    expect(name(file)).toEqual([`\`${file.path}\`: the change is not shown by GitHub`]);
  });

  it("blocks for a change that is too large to read", () => {
    const line = `+${"a".repeat(4 * 1024 * 1024)}`;
    expect(answer({ patch: patchOf(line) })).toMatchObject({ verdict: "BLOCKED", seen: "5 MB of changes" });
  });
});

describe("integrityGate", () => {
  it("is asked unless it is switched off, about people's pull requests too", () => {
    const gates = buildGates({ integrity: { enabled: false, evaluation: [] } });
    expect(integrityGate.appliesTo?.(buildSubject({ gates }))).toBe(false);
    expect(integrityGate.appliesTo?.(buildSubject({ work: null }))).toBe(true);
  });

  it("shows twenty places at most, and harmless ones", () => {
    const lines = Array.from({ length: 30 }, (_, at) => `+a${at} // eslint-disable-line <b>\`@alice\`</b>`);
    const given = answer({ path: "src/`<b>.ts", patch: patchOf(...lines) });

    expect(given).toMatchObject({ seen: "30 places" });
    expect("details" in given && given.details).toHaveLength(20);
    expect("details" in given && given.details?.[0]).toBe(
      "`src/'<b>.ts` line 1: suppresses a rule: `// eslint-disable-line <b>'@alice'</b>`",
    );
  });

  /** Time of this process alone: what else the machine does is not counted. */
  function measure(files: readonly Partial<ChangedFile>[]): number {
    const subject = buildSubject({ pull: { files: files.map((file) => buildFile(file)) } });
    const start = busyMs();
    integrityGate.evaluate(subject);
    return busyMs() - start;
  }

  it("reads three thousand files of four megabytes in less than 300 ms", () => {
    const lines = (at: number) =>
      Array.from(
        { length: 24 },
        (_, line) => `${line % 3 === 0 ? "-" : "+"}  const value${line} = sum(${at}); // note`,
      );
    const files = Array.from({ length: 3000 }, (_, at) => ({
      path: `packages/app/src/part-${at}.ts`,
      patch: patchOf(...lines(at)).padEnd(1400 - 8),
    }));

    expect(Math.min(measure(files), measure(files), measure(files))).toBeLessThan(300);
  });

  it.each([
    "/",
    "/*",
    "# ",
    "@a.",
    "#[cfg_attr(",
    '"test": "',
    "a-",
    "min 1 ",
    "-- ",
    "// eslint a",
    "{-# OPTIONS_GHC ",
  ])("takes time that grows with a hostile line, and no faster: %s", (unit) => {
    const paths = [
      "src/a.ts",
      "package.json",
      "pyproject.toml",
      "pom.xml",
      "codecov.yml",
      "config/quality.yml",
    ];
    const files = (chars: number) =>
      paths.map((path) => {
        const line = unit.repeat(chars / unit.length);
        return { path, patch: patchOf(`-${line}a`, `+${line}b`) };
      });
    measure(files(20_000));

    expect(measure(files(100_000))).toBeLessThan(1000);
  });
});
