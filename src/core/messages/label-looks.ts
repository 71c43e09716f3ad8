/** How the labels look that the app makes; `autopilot:` is the default prefix. */
export const LABEL_LOOKS: Readonly<Record<string, { readonly color: string; readonly description: string }>> =
  {
    autopilot: { color: "5319e7", description: "Hands this issue to Orchestrator" },
    "autopilot:queued": { color: "c5def5", description: "Waits; the status comment says why" },
    "autopilot:running": { color: "fbca04", description: "Is being worked on" },
    "autopilot:blocked": { color: "d93f0b", description: "Needs a person; the status comment says for what" },
    "autopilot:needs-info": {
      color: "f9d0c4",
      description: "Something is missing; the status comment names it",
    },
    "autopilot:needs-review": { color: "bfdadc", description: "Waits for an approval or a merge" },
    "autopilot:failed": { color: "b60205", description: "All attempts are used" },
    "autopilot:done": { color: "0e8a16", description: "Done and verified" },
    "autopilot:cancelled": { color: "cccccc", description: "Stopped by a person" },
  };
