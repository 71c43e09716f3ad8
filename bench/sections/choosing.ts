import type { Section } from "../figure.ts";
export const choosing: Section = { name: "choosing", title: "5", measure: async () => ({ figures: [] }) };
