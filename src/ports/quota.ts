/** What an installation may still ask of GitHub, shared by all replicas and kept across restarts. */
export interface Quota {
  /** Takes one content write out of the minute's and the hour's allowance, or says when there is one again. */
  reserve(
    installationId: number,
    kind: "content",
    now: number,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly at: number }>;
  /** No request of this installation before `at`; an earlier moment never shortens a pause. */
  pauseUntil(installationId: number, at: number): Promise<void>;
  /** 0 when nothing is paused. */
  pausedUntil(installationId: number): Promise<number>;
}
