import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The console; tests build a page of examples instead. */
const page = process.env["PROBITY_CONSOLE_PAGE"] ?? "index.html";

export default defineConfig({
  base: "/console/",
  plugins: [react(), tailwind()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    manifest: true,
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: page },
    // A page and what it needs are files of their own; nothing is inlined, so that the policy needs no exception.
    assetsInlineLimit: 0,
  },
});
