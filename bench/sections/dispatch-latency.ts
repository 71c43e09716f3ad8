import type { Section } from "../figure.ts";
export const dispatchLatency: Section = { name: "dispatch", title: "2", measure: async () => ({ figures: [] }) };
