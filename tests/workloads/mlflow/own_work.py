"""What a team's job does with MLflow's own client: run by the image's Python, with credentials and three variables."""

import json
import sys
import time
from pathlib import Path

import mlflow
from mlflow import MlflowClient

name, client = sys.argv[1], MlflowClient()
found = {}


class Doubles(mlflow.pyfunc.PythonModel):
    def predict(self, model_input: list[int]) -> list[int]:
        return [2 * one for one in model_input]


mlflow.set_experiment(f"{name}-experiment")
with mlflow.start_run(tags={"mlflow.source.git.commit": "0123abc"}) as run:
    mlflow.log_params({"depth": 3, "rate": 0.1})
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_text("hello", "notes/größe (1).txt")
    mlflow.log_dict({"x": 1}, "settings.json")
run_id = run.info.run_id
read = client.get_run(run_id)
found["commit"] = read.data.tags["mlflow.source.git.commit"]
found["ended"] = read.info.end_time > read.info.start_time and read.info.status == "FINISHED"
found["source"] = Path(read.data.tags["mlflow.source.name"]).name
found["params"] = read.data.params
found["history"] = [one.value for one in client.get_metric_history(run_id, "loss")]
found["files"] = sorted(one.path for one in client.list_artifacts(run_id))
found["text"] = mlflow.artifacts.load_text(f"runs:/{run_id}/notes/größe (1).txt")

for _ in range(2):  # each training makes a version by itself
    with mlflow.start_run():
        mlflow.pyfunc.log_model(
            name="model", python_model=Doubles(), pip_requirements=[], registered_model_name=f"{name}-model"
        )
versions = client.search_model_versions(f"name='{name}-model'")
found["versions"] = sorted(int(one.version) for one in versions)
client.set_registered_model_alias(f"{name}-model", "champion", "2")
client.update_model_version(f"{name}-model", "2", description="the better one")
client.set_model_version_tag(f"{name}-model", "2", "reviewed", "yes")
champion = client.get_model_version_by_alias(f"{name}-model", "champion")
found["champion"] = [champion.version, champion.description, champion.tags["reviewed"], bool(champion.run_id)]
found["predicts"] = mlflow.pyfunc.load_model(f"models:/{name}-model@champion").predict([1, 2])

mlflow.genai.register_prompt(name=f"{name}-prompt", template="say {{x}}")
found["prompt"] = mlflow.genai.load_prompt(f"{name}-prompt", version=1).template


@mlflow.trace
def traced(x):
    return x + 1


traced(1)
mlflow.flush_trace_async_logging()
end = time.monotonic() + 20
while not (traces := mlflow.search_traces(return_type="list")) and time.monotonic() < end:
    time.sleep(0.2)
found["spans"] = len(traces[0].data.spans)
experiment = mlflow.get_experiment_by_name(f"{name}-experiment").experiment_id
found["data set"] = bool(
    mlflow.genai.datasets.create_dataset(name=f"{name}-set", experiment_id=[experiment]).dataset_id
)
found["runs"] = len(mlflow.search_runs(experiment_ids=[experiment]))
client.delete_run(run_id)
found["runs then"] = len(mlflow.search_runs(experiment_ids=[experiment]))
sys.stdout.write(json.dumps(found) + "\n")
