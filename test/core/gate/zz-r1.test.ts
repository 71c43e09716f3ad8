import { it } from "vitest";
import { evaluatePull } from "../../../src/core/gate/evaluate-pull.ts";
import { buildFile, buildSubject, patchOf } from "./build-subject.ts";

const f = (path: string, ...lines: string[]) => buildFile({ path, patch: patchOf(...lines) });
const add = (path: string, ...lines: string[]) => buildFile({ path, status: "added", patch: patchOf(...lines) });
const CASES: Record<string, ReturnType<typeof buildFile>> = {
  "composite elsewhere": f("ci/setup/action.yml", "-    - run: npm test", "+    - run: echo ok"),
  "scripts/ci.sh": f("scripts/ci.sh", "-npm run test:all", "+exit 0"),
  "scripts/ci.sh exit": f("scripts/ci.sh", " set -e", "+exit 0", " npm test"),
  "scripts/lint.sh": f("scripts/lint.sh", "-eslint .", "+eslint . || true"),
  "ci/run.py": f("ci/run.py", "-subprocess.check_call(['pytest'])", "+pass"),
  ".pytest.ini": add(".pytest.ini", "+[pytest]", "+addopts = --ignore=tests/hard"),
  "pytest.toml": add("pytest.toml", "+[pytest]", "+addopts = ['--ignore=tests/hard']"),
  "tox.toml": f("tox.toml", "-commands = [['pytest']]", "+commands = [['true']]"),
  ".npmrc": add(".npmrc", "+script-shell=/bin/true"),
  "pnpm-workspace": f("pnpm-workspace.yaml", " packages:", "+scriptShell: /bin/true"),
  "bunfig": f("bunfig.toml", "-coverageThreshold = 0.9", "+coverageThreshold = 0.1"),
  "bunfig2": f("bunfig.toml", "+[test]", '+root = "nothing"'),
  "playwright-ct": f("playwright-ct.config.ts", "-  testDir: './tests',", "+  testDir: './none',"),
  "vitest.unit.config": f("vitest.unit.config.ts", "-  include: ['src/**'],", "+  include: ['none'],"),
  "jest.e2e.config": f("jest.e2e.config.js", "-  testMatch: ['src/**'],", "+  testMatch: ['none'],"),
  "phpunit.dist.xml": f("phpunit.dist.xml", "-<directory>tests</directory>", "+<directory>none</directory>"),
  "submodule": f("vendor/lib", "-Subproject commit aaaa", "+Subproject commit bbbb"),
  "gitmodules": f(".gitmodules", "-\turl = https://a", "+\turl = https://b"),
  "sitecustomize": add("sitecustomize.py", "+import pytest", "+pytest.main = lambda *a: 0"),
  "pytest.py": add("pytest.py", "+raise SystemExit(0)"),
  "BUILD.bazel": f("src/BUILD.bazel", "-py_test(name = 'a')"),
  ".bazelrc": f(".bazelrc", "+test --test_filter=none"),
  "build.sbt": f("build.sbt", "+Test / test := {}"),
  "Gruntfile": f("Gruntfile.js", "-grunt.registerTask('test', ['mocha'])", "+grunt.registerTask('test', [])"),
  "dangerfile": f("dangerfile.ts", "-fail('no')", "+warn('no')"),
  "hatch.toml": f("hatch.toml", "-test = 'pytest'", "+test = 'true'"),
  "mise": f("mise.toml", "-run = 'pytest'", "+run = 'true'"),
  ".biome.json": add(".biome.json", '+{ "linter": { "enabled": false } }'),
  "Package.swift": f("Package.swift", "-.testTarget(name: \"A\")"),
  "dart_test.yaml": f("dart_test.yaml", "+tags: { hard: { skip: true } }"),
  "mix.exs": f("mix.exs", "-      test_coverage: [summary: [threshold: 90]]", "+      test_coverage: [summary: [threshold: 1]]"),
  "cabal": f("a.cabal", "-test-suite a"),
  ".env.test": f(".env.test", "+CI=false"),
  "pkg jest key": f("package.json", '+  "jest": {', '+    "testPathIgnorePatterns": ["hard"]', "+  },"),
  "pkg jest roots": f("package.json", '+  "jest": { "roots": ["none"] },'),
  "pkg vitest": f("package.json", '+  "vitest": { "dir": "none" },'),
  "pkg mocha spec": f("package.json", '+  "mocha": { "spec": "none" },'),
  "pkg alias eslint": f("package.json", '-    "eslint": "^9.0.0",', '+    "eslint": "file:./fake",'),
  "vitest.workspace": f("vitest.workspace.ts", "-export default ['a','b']", "+export default ['a']"),
  "symlink test": f("test/a.test.ts", "-import x from 'y'", "-expect(1).toBe(1)", "+../none"),
  "protected rename": buildFile({ path: "ci.txt", previousPath: ".github/workflows/ci.yml", status: "renamed", patch: null, additions: 0, deletions: 0 }),
  "crlf": f("tsconfig.json", '-    "strict": true,\r', '+    "strict": false,\r'),
  "cypress.json": f("cypress.json", '+  "ignoreTestFiles": "**"'),
  "wf dir lookalike": f(".github/workflows/ci.yml", "-a", "+b"),
  "husky": f(".husky/pre-commit", "-npm test", "+true"),
  "xcscheme": f("App.xcodeproj/xcshareddata/xcschemes/App.xcscheme", '-<TestableReference skipped = "NO">', '+<TestableReference skipped = "YES">'),
  "xctestplan": f("All.xctestplan", '+"skippedTests" : ["A"]'),
  "jest json": f("jest.unit.json", '-"testMatch": ["a"]', '+"testMatch": []'),
  "lefthook": f(".lefthook-local.yml", "-a", "+b"),
};
it("prints", () => {
  for (const [name, file] of Object.entries(CASES)) {
    const e = evaluatePull(buildSubject({ pull: { files: [file] } as never }));
    const v = e.kind === "verdict" ? e.verdict.gates.filter((g) => g.verdict !== "PASS" && g.gate !== "docs_only").map((g) => g.gate).join(",") : "pending";
    console.log(v === "" ? "!!! PASS" : "ok      ", name.padEnd(22), v);
  }
});
