/** Where tests live, in the languages of the field. */
export const TEST_PATHS: readonly string[] = [
  "**/{test,tests,__tests__,spec,specs,testdata}/**",
  "**/{e2e,cypress,__mocks__,__snapshots__,__image_snapshots__}/**",
  "**/*.{test,tests,spec,specs,cy,e2e}.*",
  "**/{test,tests,conftest}.*",
  "**/*_{test,tests,spec}.*",
  "**/test_*.*",
  "**/*{Test,Tests,Spec,IT}.{java,kt,cs,php,scala,groovy,swift}",
  "**/*.{snap,ambr,golden,approved}",
  "**/*.approved.*",
];

/** Names by which runners find tests; matched as written, since runners do. */
export const RUN_PATHS: readonly string[] = [
  "**/*.{test,tests,spec,specs,cy,e2e}.*",
  "**/*_{test,tests,spec}.*",
  "**/test_*.*",
  "**/*{Test,Tests,Spec,IT}.{java,kt,cs,php,scala,groovy,swift}",
];

/** Recorded answers: every line is an expected value. */
export const SNAPSHOT_PATHS: readonly string[] = [
  "**/*.{snap,ambr,golden,approved}",
  "**/*.approved.*",
  "**/{__snapshots__,__image_snapshots__}/**",
];

/** Prose among tests proves nothing, so it may change. */
export const PROSE_PATHS: readonly string[] = ["**/*.{md,mdx}"];

/** Files that say nothing but how tests are run, and those by which Python and its runners run something else. */
export const SETUP_PATHS: readonly string[] = [
  "**/{vitest,jest,karma,playwright,cypress,ava,wdio,web-test-runner,nightwatch}{,[-.]*}.{config,conf,workspace}.*",
  "**/{vitest,jest}.setup.*",
  "**/setupTests.{js,jsx,ts,tsx}",
  "**/{jest,vitest}[-.]*.json",
  "**/cypress.json",
  "**/.{mocharc,nycrc,c8rc,taprc,jasmine,jestrc,avarc}*",
  "**/{.pytest,pytest,tox}.{ini,toml}",
  "**/noxfile.py",
  "**/{sitecustomize,usercustomize,pytest,unittest}.py",
  "**/.{rspec,coveragerc}",
  "**/phpunit{,.dist}.xml*",
  "**/nextest.toml",
  "**/*.xctestplan",
  "**/{babel.config,.babelrc,.swcrc}{,.*}",
  "{,src/}{pytest,_pytest,unittest}/__init__.py",
  "**/node_modules/{.bin,vitest,@vitest,jest,@jest,mocha,chai,ava,tap,tape,uvu,jasmine,expect,@playwright}/**",
  "**/go.work",
];

/** Files that say it among other things: only some of their lines count. */
export const SHARED_SETUP_PATHS: readonly string[] = [
  "**/{package,deno,composer}.{json,jsonc}",
  "**/{pyproject,Cargo}.toml",
  "**/setup.cfg",
  "**/{Makefile,Rakefile,justfile}",
  "**/pom.xml",
  "**/build.gradle*",
];

/** Scripts that are run before tests once settings name them; a new one is run by nobody yet. */
export const SETUP_SCRIPT_PATHS: readonly string[] = [
  "**/{{test,tests,vitest,jest,unit,e2e,global}{-,_,.}{setup,teardown},{setup,teardown}{-,_,.}{test,tests,vitest,jest},globalSetup,globalTeardown,setupVitest,setupJest}.{js,cjs,mjs,jsx,ts,cts,mts,tsx}",
  "**/{test,tests,__tests__,spec,specs,e2e}/setup.{js,cjs,mjs,jsx,ts,cts,mts,tsx}",
  "**/{test,tests}/bootstrap.php",
  "**/{spec,rails,test}_helper.rb",
  "**/cypress/support/{e2e,component,index}.{js,ts}",
];

/** What runners put in the place of modules by its name alone. */
export const MOCK_PATHS: readonly string[] = ["**/__mocks__/**"];

/** What Python runs before the tests beside it. */
export const CONFTEST_PATHS: readonly string[] = ["**/conftest.py", "**/{test,tests}/**/__init__.py"];

/** Where a package may be taken from elsewhere, under the name of another one. */
export const PACKAGE_LIST_PATHS: readonly string[] = ["**/{go.mod,Gemfile,gems.rb}"];

/** Where names of modules may be sent elsewhere. */
export const MODULE_MAP_PATHS: readonly string[] = ["**/{ts,js}config{,.*,-*}.json"];
