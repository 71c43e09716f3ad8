import {
  createFamily,
  type Describe,
  showList,
  showOr,
  showSwitch,
  weighAllowed,
  weighFloor,
  weighSwitch,
} from "../compare-values.ts";

const verify = createFamily<boolean>({
  read: ({ gates }) => [["gates.people.verify", gates.people.verify]],
  weigh: weighSwitch,
  show: showSwitch,
  means: {
    looser: ["people-verify-off", "People's own pull requests are not judged any more."],
    tighter: ["people-verify-on", "People's own pull requests are judged."],
  },
});

const approvals = createFamily<number>({
  read: ({ gates }) => [["gates.people.approvals", gates.people.approvals]],
  weigh: weighFloor,
  show: showOr("none"),
  means: {
    looser: ["approvals-lowered", "Fewer people have to approve a person's own pull request."],
    tighter: ["approvals-raised", "More people have to approve a person's own pull request."],
  },
});

const branches = createFamily<readonly string[]>({
  read: ({ gates }) => [["gates.people.branches", gates.people.branches]],
  weigh: weighAllowed,
  show: showList("every name"),
  means: {
    looser: ["branch-name-allowed", "People's branches may have more names."],
    tighter: ["branch-name-refused", "People's branches may have fewer names."],
  },
});

const linkedIssue = createFamily<boolean>({
  read: ({ gates }) => [["gates.people.linkedIssue", gates.people.linkedIssue]],
  weigh: weighSwitch,
  show: showSwitch,
  means: {
    looser: ["linked-issue-off", "A person's own pull request need not close an issue any more."],
    tighter: ["linked-issue-on", "A person's own pull request has to close an issue."],
  },
});

/** Keys of `gates.people`. */
export const peopleFamilies: readonly Describe[] = [verify, approvals, branches, linkedIssue];
