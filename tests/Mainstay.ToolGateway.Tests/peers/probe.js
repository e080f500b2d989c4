// An MCP server over stdio that writes down what it is asked: one line for each event in the file named by PROBE_JOURNAL.
import { appendFileSync } from "node:fs";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const note = (line) => appendFileSync(process.env.PROBE_JOURNAL, `${line}\n`);
const text = (value) => ({ content: [{ type: "text", text: value }] });
const schema = (properties = {}, required = []) => ({ type: "object", properties, required });
const mark = { mark: { type: "string" } };

// Waits until it is released or the caller gives up, and writes down both.
const waiting = new Map();
const wait = (name) => ({ mark: value }, signal) => new Promise((resolve, reject) => {
  waiting.set(value, () => resolve(text(`released ${value}`)));
  signal.addEventListener("abort", () => {
    note(`cancelled ${value}`);
    reject(new Error("cancelled"));
  });
  note(`${name} ${value}`);
});

const tools = {
  append: { inputSchema: schema(mark, ["mark"]), run: ({ mark: value }) => (note(`append ${value}`), text(`appended ${value}`)) },
  look: { inputSchema: schema(mark, ["mark"]), annotations: { readOnlyHint: true }, run: wait("look") },
  wait: { inputSchema: schema(mark, ["mark"]), run: wait("wait") },
  release: { inputSchema: schema(mark, ["mark"]), run: ({ mark: value }) => (waiting.get(value)?.(), text("released")) },
  large: { inputSchema: schema({ characters: { type: "integer" }, of: { type: "string" } }), run: ({ characters, of }) => text(of.repeat(characters)) },
  fail: { inputSchema: schema(), run: () => ({ ...text("the valve is stuck"), isError: true }) },
  variables: { inputSchema: schema(), run: () => text(Object.keys(process.env).sort().join(" ")) },
  exit: { inputSchema: schema(), run: () => (console.error("probe: leaving as asked"), process.exit(7)) },
  odd: { inputSchema: schema(), run: () => text("nothing \u0000, escape \u001b[31m") },
  half: { inputSchema: schema(), run: () => text("half \ud83d") },
  give: { inputSchema: schema({ json: { type: "string" } }), run: ({ json }) => ({ content: [], structuredContent: JSON.parse(json) }) },
  structured: { inputSchema: schema({ characters: { type: "integer" } }), run: ({ characters }) => ({ content: [], structuredContent: { text: "x".repeat(characters) } }) },
  echo: { inputSchema: schema(), run: (all) => text(JSON.stringify(all)) },
  refuse: { inputSchema: schema(), run: () => { throw Object.assign(new Error("the session of the historian has expired"), { code: -32000 }); } },
  media: {
    inputSchema: schema(),
    run: () => ({ content: [{ type: "text", text: "first" }, { type: "image", data: "AAAA", mimeType: "image/png" }, { type: "text", text: "last" }] }),
  },
};

const server = new Server({ name: "probe", version: "1.0.0" }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: Object.entries(tools).map(([name, { inputSchema, annotations }]) => ({ name, description: `Probes ${name}.`, inputSchema, annotations })),
}));
server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) => tools[params.name].run(params.arguments ?? {}, signal));
note(`started ${process.pid}`);
await server.connect(new StdioServerTransport());
