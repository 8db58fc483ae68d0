// Answers mlz's request lines (stdin, one JSON a line) with @cloud-copilot/iam-simulate's decision, one JSON a line.
// Run by benchmarks/iam_simulate.py as a program of its own, in the folder where the package is installed.
// usage: node iam_simulate.mjs <folder with node_modules> [time] [unsafe]
// `unsafe` calls the package's entry without input validation; `time` answers all lines at once, with the CPU seconds taken.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import path from "node:path";

const [folder, ...modes] = process.argv.slice(2);
const { runSimulation, runUnsafeSimulation, anonymousPrincipal } = createRequire(path.join(folder, "x.js"))(
  "@cloud-copilot/iam-simulate",
);

function simulation(line) {
  const { principal, action, resource, resourceAccount, context } = line.request;
  return {
    request: {
      principal: principal === "*" ? anonymousPrincipal : principal,
      action,
      resource: { resource, accountId: resourceAccount },
      contextVariables: context ?? {},
    },
    identityPolicies: line.identityPolicies ?? [],
    permissionBoundaryPolicies: line.permissionBoundaries ?? undefined,
    sessionPolicy: line.sessionPolicy ?? undefined,
    serviceControlPolicies: line.serviceControlPolicies ?? [],
    resourceControlPolicies: line.resourceControlPolicies ?? [],
    resourcePolicy: line.resourcePolicy ?? undefined,
    vpcEndpointPolicies: line.endpointPolicies ?? undefined,
  };
}

async function answer(line) {
  if (modes.includes("unsafe")) return { decision: runUnsafeSimulation(simulation(line), {}) };
  const outcome = await runSimulation(simulation(line), {});
  if (outcome.resultType === "error") return { error: JSON.stringify(outcome.errors) };
  if (outcome.resultType === "wildcard") return { decision: outcome.overallResult, ignored: [] };
  return { decision: outcome.overallResult, ignored: outcome.result.ignoredContextKeys ?? [] };
}

async function answered(line) {
  try {
    return { id: line.id, ...(await answer(line)) };
  } catch (problem) {
    return { id: line.id, error: String(problem) };
  }
}

const lines = [];
for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  if (modes.includes("time")) lines.push(line);
  else process.stdout.write(JSON.stringify(await answered(line)) + "\n");
}

if (modes.includes("time")) {
  for (const line of lines.slice(0, 500)) await answered(line); // the compiler and the package's data are warm then
  const decisions = [];
  const begun = process.cpuUsage();
  for (const line of lines) decisions.push((await answered(line)).decision);
  const used = process.cpuUsage(begun);
  const seconds = (used.user + used.system) / 1e6;
  process.stdout.write(JSON.stringify({ seconds, decisions }) + "\n");
}
