// Answers mlz's request lines (stdin, one JSON a line) with @cloud-copilot/iam-simulate's decision, one JSON a line.
// Run by benchmarks/iam_simulate.py as a program of its own, in the folder where the package is installed.
// usage: node iam_simulate.mjs <folder with node_modules> [unsafe]
// `unsafe` calls the package's entry without input validation: used to measure the speed of its decisions alone.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import path from "node:path";

const [folder, mode] = process.argv.slice(2);
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
  if (mode === "unsafe") return { decision: runUnsafeSimulation(simulation(line), {}) };
  const outcome = await runSimulation(simulation(line), {});
  if (outcome.resultType === "error") return { error: JSON.stringify(outcome.errors) };
  if (outcome.resultType === "wildcard") return { decision: outcome.overallResult, ignored: [] };
  return { decision: outcome.overallResult, ignored: outcome.result.ignoredContextKeys ?? [] };
}

for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  let said;
  try {
    said = await answer(line);
  } catch (problem) {
    said = { error: String(problem) };
  }
  process.stdout.write(JSON.stringify({ id: line.id, ...said }) + "\n");
}
