"""Two teams with things of their own on one server, and a client that sends what it is told, however odd."""

import http.client
import json
import re
import secrets
import urllib.parse
import uuid
from dataclasses import dataclass, field

V2, V3, AJ2, AJ3 = "/api/2.0/mlflow", "/api/3.0/mlflow", "/ajax-api/2.0/mlflow", "/ajax-api/3.0/mlflow"
ART = "/api/2.0/mlflow-artifacts/artifacts"
PROMPT = {"key": "mlflow.prompt.is_prompt", "value": "true"}
SCORER = {
    "name": "x",
    "mlflow_version": "3",
    "serialization_version": 1,
    "instructions_judge_pydantic_data": {"instructions": "Is {{ outputs }} ok", "model": "openai:/gpt-4"},
}


@dataclass
class Answer:
    status: int
    text: str
    headers: dict

    @property
    def ok(self):
        return self.status < 400

    def json(self):
        return json.loads(self.text)


def send(url, method, path, headers=(), body=b"", *, timeout=60):
    """Send one request as it is given: no path is made plain, a header may be there twice."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body or method in {"POST", "PUT", "PATCH"}:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode(errors="replace"), dict(answer.getheaders()))
    finally:
        connection.close()


@dataclass
class World:
    """A server, and who may speak to it."""

    url: str
    tokens: dict
    """Token by team; none: the server asks for nothing."""

    mark: str = field(default_factory=lambda: f"bravosecret{secrets.token_hex(3)}")
    of: dict = field(default_factory=dict)
    """What each team has."""

    @property
    def variants(self):
        """The workspace headers that each attempt is made with."""
        if not self.tokens:
            return ((),)
        return (
            (("X-MLFLOW-WORKSPACE", "alpha"),),
            (("X-MLFLOW-WORKSPACE", "bravo"),),
            (),
            (("X-MLFLOW-WORKSPACE", "default"),),
            (("X_MLFLOW_WORKSPACE", "bravo"),),
            (("X-MLFLOW-WORKSPACE", "alpha"), ("x-mlflow-workspace", "bravo")),
            (("X-MLFLOW-WORKSPACE", "alpha,bravo"),),
        )

    def call(self, team, method, path, body=None, *, params=None, data=b"", headers=()):
        """Send a request as *team* (None: nobody)."""
        path = self.said(path)
        if params:
            path += "?" + urllib.parse.urlencode(self.said(params), doseq=True)
        sent = [(name, self.said(value)) for name, value in headers]
        if body is not None:
            data = json.dumps(self.said(body)).encode()
            sent.append(("Content-Type", "application/json"))
        if self.tokens and team:
            sent.append(("Authorization", f"Bearer {self.tokens[team]}"))
        return send(self.url, method, path, sent, data)

    def said(self, value):
        """Put what the teams have into `<b.run>` (bravo's run), `<a.exp>` (alpha's experiment), wherever it stands."""
        if isinstance(value, str):
            return re.sub(r"<([ab])\.(\w+)>", lambda found: str(self._have(found)), value).replace("<mark>", self.mark)
        if isinstance(value, dict):
            return {self.said(key): self.said(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.said(inner) for inner in value]
        return value

    def _have(self, found):
        return self.of["alpha" if found[1] == "a" else "bravo"][found[2]]

    def furnish(self):
        """Have both teams store one of each kind."""
        for team in ("bravo", "alpha"):
            self.of[team] = self._things(team, self.mark if team == "bravo" else f"alphathing{secrets.token_hex(3)}")
        self.of["bravo"]["twice"] = urllib.parse.quote(urllib.parse.quote(self.of["bravo"]["root"], safe=""), safe="")
        traces = json.dumps({"spans": [], "x": self.mark}).encode()
        self._made("bravo", "PUT", f"{ART}/<b.root>/traces.json", data=traces)
        return self

    def _made(self, team, method, path, body=None, data=b""):
        answer = self.call(team, method, path, body, data=data)
        assert answer.ok, f"{team} cannot {method} {path}: {answer.status} {answer.text[:300]}"
        return answer.json() if answer.text.startswith("{") else {}

    def _things(self, team, mark):
        made = lambda path, body: self._made(team, "POST", path, body)  # noqa: E731
        has = {"name": f"{team}-{mark}", "model": f"{team}-{mark}-model", "prompt": f"{team}-{mark}-prompt"}
        has["exp"] = made(f"{V2}/experiments/create", {"name": has["name"]})["experiment_id"]
        tags = [{"key": "who", "value": mark}]
        run = made(f"{V2}/runs/create", {"experiment_id": has["exp"], "run_name": mark, "tags": tags})["run"]["info"]
        has["run"], has["uri"] = run["run_id"], run["artifact_uri"]
        has["root"] = urllib.parse.urlsplit(run["artifact_uri"]).path.lstrip("/")
        has["experiment_root"] = has["root"].rsplit("/", 2)[0]
        made(f"{V2}/runs/log-metric", {"run_id": has["run"], "key": "acc", "value": 0.5, "timestamp": 1, "step": 0})
        self._made(team, "PUT", f"{ART}/{has['root']}/secret.txt", data=mark.encode())
        self._made(team, "PUT", f"{ART}/{has['root']}/model/MLmodel", data=f"run_id: x\n# {mark}".encode())
        made(f"{V2}/registered-models/create", {"name": has["model"], "description": mark})
        version = {"name": has["model"], "source": f"{has['uri']}/model", "run_id": has["run"]}
        made(f"{V2}/model-versions/create", version)
        made(f"{V2}/registered-models/alias", {"name": has["model"], "alias": "champion", "version": "1"})
        made(f"{V2}/registered-models/create", {"name": has["prompt"], "tags": [PROMPT]})
        text = {"key": "mlflow.prompt.text", "value": f"say {mark}"}
        prompt = {"name": has["prompt"], "source": "dummy-source", "tags": [PROMPT, text]}
        made(f"{V2}/model-versions/create", prompt)
        logged = {"experiment_id": has["exp"], "name": mark, "source_run_id": has["run"]}
        has["logged"] = made(f"{V2}/logged-models", logged)["model"]["info"]["model_id"]
        has["trace"] = f"tr-{uuid.uuid4().hex}"
        made(f"{V3}/traces", trace(has["trace"], has["exp"], preview=mark, tags={"t": mark}))
        dataset = {"name": f"{team}-{mark}-ds", "experiment_ids": [has["exp"]]}
        has["dataset"] = made(f"{V3}/datasets/create", dataset)["dataset"]["dataset_id"]
        scorer = {"experiment_id": has["exp"], "name": f"{mark}-scorer", "serialized_scorer": json.dumps(SCORER)}
        made(f"{V3}/scorers/register", scorer)
        return has


def trace(trace_id, experiment, preview="x", tags=None):
    """The body that starts a trace."""
    place = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}
    info = {
        "trace_id": trace_id,
        "trace_location": place,
        "request_time": "2026-01-01T00:00:00Z",
        "execution_duration": "1s",
        "state": "OK",
        "request_preview": preview,
        "trace_metadata": {"m": preview},
        "tags": tags or {},
    }
    return {"trace": {"trace_info": info}}
