import type { Section } from "../figure.ts";
export const startUp: Section = { name: "start", title: "4", measure: async () => ({ figures: [] }) };
