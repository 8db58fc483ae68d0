"""Experiments, runs, traces, data sets and scorers of team bravo."""

from tests.workloads.mlflow.attempts import reads, writes
from tests.workloads.mlflow.world import AJ2, V2, V3, trace

EXPERIMENT_PLACE = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "<b.exp>"}}
METRICS = [{"key": "e2", "value": 1, "timestamp": 1, "step": 0}]
INPUTS = [{"dataset": {"name": "d", "digest": "1", "source_type": "x", "source": "{}"}}]

TRACKING = [
    reads("experiment", "search", "POST", f"{V2}/experiments/search", {"max_results": 1000}),
    reads("experiment", "search by the page's address", "POST", f"{AJ2}/experiments/search", {"max_results": 1000}),
    reads("experiment", "get by id", "GET", f"{V2}/experiments/get", params={"experiment_id": "<b.exp>"}),
    reads("experiment", "get by name", "GET", f"{V2}/experiments/get-by-name", params={"experiment_name": "<b.name>"}),
    reads("experiment", "get, the id in a body", "GET", f"{V2}/experiments/get", {"experiment_id": "<b.exp>"}),
    writes(
        "experiment",
        "set tag",
        "POST",
        f"{V2}/experiments/set-experiment-tag",
        {"experiment_id": "<b.exp>", "key": "e", "value": "1"},
    ),
    writes(
        "experiment", "rename", "POST", f"{V2}/experiments/update", {"experiment_id": "<b.exp>", "new_name": "<b.name>"}
    ),
    reads("experiment", "data sets", "POST", f"{AJ2}/experiments/search-datasets", {"experiment_ids": ["<b.exp>"]}),
    writes(
        "experiment",
        "create in bravo's folder of the bucket",
        "POST",
        f"{V2}/experiments/create",
        {"name": "steal-<mark>", "artifact_location": "s3://mlz-mlflow-artifacts/<b.root>"},
    ),
    writes(
        "experiment",
        "create in bravo's folder of the server",
        "POST",
        f"{V2}/experiments/create",
        {"name": "steal2-<mark>", "artifactLocation": "mlflow-artifacts:/<b.root>"},
    ),
    reads("run", "search by experiment", "POST", f"{V2}/runs/search", {"experiment_ids": ["<b.exp>"]}),
    reads(
        "run",
        "search own and bravo's experiment",
        "POST",
        f"{V2}/runs/search",
        {"experiment_ids": ["<a.exp>", "<b.exp>"]},
    ),
    reads("run", "get", "GET", f"{V2}/runs/get", params={"run_id": "<b.run>"}),
    reads("run", "get by its old name", "GET", f"{AJ2}/runs/get", params={"run_uuid": "<b.run>"}),
    reads("run", "get own and bravo's", "GET", f"{V2}/runs/get?run_id=<a.run>&run_id=<b.run>"),
    reads(
        "run",
        "metric history",
        "GET",
        f"{V2}/metrics/get-history",
        params={"run_id": "<b.run>", "metric_key": "acc"},
        seen=("0.5",),
    ),
    reads(
        "run",
        "metric histories",
        "GET",
        f"{AJ2}/metrics/get-history-bulk",
        params={"run_id": ["<b.run>"], "metric_key": "acc"},
        seen=("0.5",),
    ),
    reads(
        "run",
        "metric intervals",
        "GET",
        f"{V2}/metrics/get-history-bulk-interval",
        params={"run_ids": ["<b.run>"], "metric_key": "acc", "max_results": 10},
        seen=("0.5",),
    ),
    writes(
        "run",
        "log metric",
        "POST",
        f"{V2}/runs/log-metric",
        {"run_id": "<b.run>", "key": "e", "value": 1, "timestamp": 1},
    ),
    writes("run", "log batch", "POST", f"{V2}/runs/log-batch", {"run_id": "<b.run>", "metrics": METRICS}),
    writes("run", "set tag", "POST", f"{V2}/runs/set-tag", {"run_id": "<b.run>", "key": "e", "value": "1"}),
    writes(
        "run",
        "set tag by both names",
        "POST",
        f"{V2}/runs/set-tag",
        {"run_id": "<a.run>", "run_uuid": "<b.run>", "key": "e", "value": "1"},
        confirm=lambda world: (
            '"key": "e"' in world.call("bravo", "GET", f"{V2}/runs/get", params={"run_id": "<b.run>"}).text
        ),
    ),
    writes("run", "create in bravo's experiment", "POST", f"{V2}/runs/create", {"experiment_id": "<b.exp>"}),
    writes("run", "update status", "POST", f"{V2}/runs/update", {"run_id": "<b.run>", "status": "FAILED"}),
    writes("run", "log inputs", "POST", f"{V2}/runs/log-inputs", {"run_id": "<b.run>", "datasets": INPUTS}),
    writes("run", "log model", "POST", f"{V2}/runs/log-model", {"run_id": "<b.run>", "model_json": "{}"}),
    reads(
        "run",
        "graphql: run",
        "POST",
        "/graphql",
        {"query": 'query{mlflowGetRun(input:{runId:"<b.run>"}){run{info{runName}}}}'},
    ),
    reads(
        "run",
        "graphql: two queries at once",
        "POST",
        "/graphql",
        {
            "query": 'query{x:mlflowGetRun(input:{runId:"<a.run>"}){run{info{runName}}} y:mlflowGetRun(input:{runId:"<b.run>"}){run{info{runName}}}}'
        },
    ),
    reads(
        "run",
        "graphql: search",
        "POST",
        "/graphql",
        {"query": 'query{mlflowSearchRuns(input:{experimentIds:["<b.exp>"]}){runs{info{runName}}}}'},
    ),
    reads(
        "run",
        "graphql: experiment",
        "POST",
        "/graphql",
        {"query": 'query{mlflowGetExperiment(input:{experimentId:"<b.exp>"}){experiment{name}}}'},
    ),
    reads(
        "run",
        "graphql: model versions",
        "POST",
        "/graphql",
        {"query": "query{mlflowSearchModelVersions(input:{}){modelVersions{name}}}"},
    ),
    reads(
        "run",
        "graphql by GET",
        "GET",
        "/graphql",
        params={"query": 'query{mlflowGetRun(input:{runId:"<b.run>"}){run{info{runName}}}}'},
    ),
    reads("logged model", "get", "GET", f"{V2}/logged-models/<b.logged>"),
    reads("logged model", "search", "POST", f"{V2}/logged-models/search", {"experiment_ids": ["<b.exp>"]}),
    writes(
        "logged model",
        "set tags",
        "PATCH",
        f"{V2}/logged-models/<b.logged>/tags",
        {"tags": [{"key": "e", "value": "1"}]},
    ),
    reads("logged model", "folders", "GET", f"{V2}/logged-models/<b.logged>/artifacts/directories", seen=("files",)),
    reads(
        "logged model",
        "own one of bravo's run",
        "POST",
        f"{V2}/logged-models",
        {"experiment_id": "<a.exp>", "name": "x", "source_run_id": "<b.run>"},
    ),
    reads("trace", "search", "POST", f"{V3}/traces/search", {"locations": [EXPERIMENT_PLACE]}),
    reads("trace", "search of old", "GET", f"{V2}/traces", params={"experiment_ids": "<b.exp>"}),
    reads("trace", "get of old", "GET", f"{V2}/traces/<b.trace>/info"),
    reads("trace", "get", "GET", f"{V3}/traces/<b.trace>"),
    reads("trace", "get by parameter", "GET", f"{V3}/traces/get", params={"trace_id": "<b.trace>"}),
    reads("trace", "batch", "GET", f"{V3}/traces/batchGet", params={"trace_ids": "<b.trace>"}),
    reads("trace", "batch of infos", "POST", f"{V3}/traces/batchGetInfos", {"trace_ids": ["<b.trace>"]}),
    reads("trace", "unified", "GET", f"{V2}/unified-traces", params={"experiment_ids": "<b.exp>"}),
    reads("trace", "online details", "GET", f"{V2}/get-online-trace-details", params={"trace_id": "<b.trace>"}),
    reads(
        "trace",
        "metrics",
        "POST",
        f"{V3}/traces/metrics",
        {
            "experiment_ids": ["<b.exp>"],
            "view_type": "TRACES",
            "metric_name": "trace_count",
            "aggregations": [{"aggregation_type": "COUNT"}],
        },
        seen=('"COUNT": 1',),
    ),
    writes("trace", "set tag", "PATCH", f"{V3}/traces/<b.trace>/tags", {"key": "e", "value": "1"}),
    writes(
        "trace",
        "assess",
        "POST",
        f"{V3}/traces/<b.trace>/assessments",
        {
            "assessment": {
                "assessment_name": "x",
                "trace_id": "<b.trace>",
                "source": {"source_type": "HUMAN", "source_id": "e"},
                "feedback": {"value": 1},
            }
        },
    ),
    writes("trace", "start in bravo's experiment", "POST", f"{V3}/traces", trace("tr-<mark>", "<b.exp>")),
    writes(
        "trace", "link own run", "POST", f"{V2}/traces/link-to-run", {"trace_ids": ["<b.trace>"], "run_id": "<a.run>"}
    ),
    writes(
        "trace",
        "OpenTelemetry",
        "POST",
        "/v1/traces",
        headers=(("Content-Type", "application/x-protobuf"), ("x-mlflow-experiment-id", "<b.exp>")),
    ),
    reads("data set", "get", "GET", f"{V3}/datasets/<b.dataset>"),
    reads("data set", "records", "GET", f"{V3}/datasets/<b.dataset>/records", seen=("records",)),
    reads("data set", "search by experiment", "POST", f"{V3}/datasets/search", {"experiment_ids": ["<b.exp>"]}),
    reads("data set", "search all", "POST", f"{V3}/datasets/search", {}),
    writes(
        "data set",
        "add own experiment",
        "POST",
        f"{V3}/datasets/<b.dataset>/add-experiments",
        {"experiment_ids": ["<a.exp>"]},
    ),
    reads("scorer", "list", "GET", f"{V3}/scorers/list", params={"experiment_id": "<b.exp>"}),
    reads("scorer", "list all", "GET", f"{V3}/scorers/list"),
    writes(
        "scorer",
        "register in bravo's experiment",
        "POST",
        f"{V3}/scorers/register",
        {"experiment_id": "<b.exp>", "name": "e", "serialized_scorer": "{}"},
    ),
]
