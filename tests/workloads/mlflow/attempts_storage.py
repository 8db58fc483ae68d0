"""What team alpha tries in order to reach bravo's files: by their path, and by pointing own things at them."""

import secrets
from dataclasses import dataclass

from tests.workloads.mlflow.attempts import Attempt, reads, shown, writes
from tests.workloads.mlflow.world import AJ2, ART, PROMPT, V2, V3, Answer, World, trace

LISTED = ("secret.txt", "<b.run>", '"<b.exp>"', "bravo")
FOREIGN = "s3://mlz-mlflow-artifacts/<b.root>"

PATHS = {
    "plain": f"{ART}/<b.root>/secret.txt",
    "by the page's address": "/ajax-api/2.0/mlflow-artifacts/artifacts/<b.root>/secret.txt",
    "two slashes": f"{ART}//<b.root>/secret.txt",
    "a dot first": f"{ART}/./<b.root>/secret.txt",
    "encoded twice": f"{ART}/<b.twice>/secret.txt",
    "first letter encoded twice": f"{ART}/%2577orkspaces/bravo/<b.exp>/<b.run>/artifacts/secret.txt",
    "own folder and up": f"{ART}/<a.root>/../../../../../<b.root>/secret.txt",
    "own folder and up, encoded": f"{ART}/<a.root>/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/<b.root>/secret.txt",
    "own folder and up, backslashes": f"{ART}/<a.root>/..%5c..%5c..%5c..%5c<b.root>/secret.txt",
    "bravo's ids in the own workspace": f"{ART}/workspaces/alpha/<b.exp>/<b.run>/artifacts/secret.txt",
    "own experiment in bravo's workspace": f"{ART}/workspaces/bravo/<a.exp>/../<b.exp>/<b.run>/artifacts/secret.txt",
    "after an open page": f"/health/..{ART}/<b.root>/secret.txt",
    "after an open page, with a semicolon": f"/health;/..{ART}/<b.root>/secret.txt",
    "a parameter in the path": f"{ART};x=1/<b.root>/secret.txt",
    "a slash at the end": f"{ART}/<b.root>/secret.txt/",
    "a zero byte": f"{ART}/<b.root>/secret.txt%00",
    "a line break": f"{ART}/<b.root>/secret.txt%0d%0aX-MLFLOW-WORKSPACE:%20bravo",
    "look-alike dots": f"{ART}/<a.root>/%ef%bc%8e%ef%bc%8e/%ef%bc%8e%ef%bc%8e/<b.root>/secret.txt",
    "upper case": "/API/2.0/mlflow-artifacts/artifacts/<b.root>/secret.txt",
    "another version of the API": "/api/3.0/mlflow-artifacts/artifacts/<b.root>/secret.txt",
    "whole address": f"http://localhost{ART}/<b.root>/secret.txt",
    "workspace as a parameter": f"{ART}/<b.root>/secret.txt?workspace=bravo&X-MLFLOW-WORKSPACE=bravo",
}
FOLDERS = {
    "bravo's run": "<b.root>",
    "bravo's experiment": "<b.experiment_root>",
    "bravo's workspace": "workspaces/bravo",
    "all workspaces": "workspaces",
    "all workspaces, with a slash": "workspaces/",
}

FILES: list[Attempt] = [
    *(reads("artifact", f"download, {name}", "GET", path) for name, path in PATHS.items()),
    *(
        reads("artifact", f"list {name}", "GET", ART, params={"path": path}, seen=LISTED)
        for name, path in FOLDERS.items()
    ),
    reads("artifact", "list the root", "GET", ART, seen=('"<b.exp>"', "bravo")),
    writes("artifact", "upload into bravo's run", "PUT", f"{ART}/<b.root>/evil.txt", data=b"evil"),
    writes("artifact", "upload beside bravo's runs", "PUT", f"{ART}/workspaces/bravo/evil.txt", data=b"evil"),
    writes("artifact", "replace bravo's model", "PUT", f"{ART}/<b.root>/model/extra.txt", data=b"evil"),
    writes(
        "artifact",
        "upload in parts: create",
        "POST",
        "/api/2.0/mlflow-artifacts/mpu/create/<b.root>",
        {"path": "secret.txt", "num_parts": 1},
    ),
    writes(
        "artifact",
        "upload in parts: complete",
        "POST",
        "/api/2.0/mlflow-artifacts/mpu/complete/<b.root>",
        {"path": "secret.txt", "upload_id": "x", "parts": []},
    ),
    writes(
        "artifact",
        "upload in parts: abort",
        "POST",
        "/api/2.0/mlflow-artifacts/mpu/abort/<b.root>",
        {"path": "secret.txt", "upload_id": "x"},
    ),
    writes(
        "artifact",
        "upload in parts: own run, up",
        "POST",
        "/api/2.0/mlflow-artifacts/mpu/create/<a.root>",
        {"path": "../../../../../<b.root>/secret.txt", "num_parts": 1},
    ),
    reads(
        "artifact",
        "link by path",
        "GET",
        "/api/2.0/mlflow-artifacts/presigned/<b.root>/secret.txt",
        seen=("url", "Signature"),
    ),
    reads(
        "artifact",
        "link by run",
        "POST",
        f"{V2}/artifacts/presigned-download-url",
        {"run_id": "<b.run>", "path": "secret.txt"},
        seen=("url",),
    ),
    reads(
        "artifact",
        "link to upload by run",
        "POST",
        f"{V2}/artifacts/presigned-upload-url",
        {"run_id": "<b.run>", "path": "s2.txt"},
        seen=("url",),
    ),
    reads("artifact", "list by run", "GET", f"{V2}/artifacts/list", params={"run_id": "<b.run>"}, seen=("secret.txt",)),
    reads(
        "artifact",
        "list own run and up",
        "GET",
        f"{V2}/artifacts/list",
        params={"run_id": "<a.run>", "path": "../../../../<b.root>"},
        seen=("secret.txt",),
    ),
    reads("artifact", "get by run", "GET", "/get-artifact", params={"run_id": "<b.run>", "path": "secret.txt"}),
    reads(
        "artifact",
        "get by the run's old name",
        "GET",
        "/get-artifact",
        params={"run_uuid": "<b.run>", "path": "secret.txt"},
    ),
    reads(
        "artifact",
        "get own run and up",
        "GET",
        "/get-artifact",
        params={"run_id": "<a.run>", "path": "../../../../<b.root>/secret.txt"},
    ),
    reads(
        "artifact",
        "get by both names",
        "GET",
        "/get-artifact",
        params={"run_id": "<a.run>", "run_uuid": "<b.run>", "path": "secret.txt"},
    ),
    writes(
        "artifact",
        "upload by the page to bravo's run",
        "POST",
        f"{AJ2}/upload-artifact",
        params={"run_uuid": "<b.run>", "path": "e.txt"},
        data=b"evil",
        headers=(("Content-Type", "text/plain"),),
    ),
    reads(
        "artifact",
        "of a model version",
        "GET",
        "/model-versions/get-artifact",
        params={"name": "<b.model>", "version": "1", "path": "MLmodel"},
    ),
    reads("artifact", "of a trace", "GET", f"{AJ2}/get-trace-artifact", params={"request_id": "<b.trace>"}),
    reads(
        "artifact",
        "of own logged model and up",
        "GET",
        f"{AJ2}/logged-models/<a.logged>/artifacts/files",
        params={"artifact_file_path": "../../../../<b.root>/secret.txt"},
    ),
    reads(
        "artifact",
        "of bravo's logged model",
        "GET",
        f"{AJ2}/logged-models/<b.logged>/artifacts/files",
        params={"artifact_file_path": "MLmodel"},
    ),
    writes(
        "artifact",
        "own run's tag says bravo's folder",
        "POST",
        f"{V2}/runs/set-tag",
        {"run_id": "<a.run>", "key": "mlflow.artifactLocation", "value": FOREIGN},
        confirm=shown("/get-artifact", run_id="<a.run>", path="secret.txt"),
    ),
]


@dataclass(frozen=True)
class Pointer:
    """An own model version or trace that says it lies where bravo's files lie; then the server is asked for it."""

    name: str
    place: str
    more: dict | None = None
    kind: str = "version"
    group: str = "pointer"

    @property
    def id(self):
        return f"{self.group}: {self.name}"

    def made(self, world: World, variant: tuple) -> tuple[bool, Answer]:
        """Make it with one header variant; whether it leaked, and the last answer."""
        answers = self._version(world, variant) if self.kind == "version" else self._trace(world, variant)
        return any(world.mark in answer.text for answer in answers), answers[-1]

    def _version(self, world, variant):
        name = f"alpha-steal-{secrets.token_hex(4)}"
        answer = world.call("alpha", "POST", f"{V2}/registered-models/create", {"name": name}, headers=variant)
        body = {"name": name, "source": self.place, **(self.more or {})}
        made = (
            world.call("alpha", "POST", f"{V2}/model-versions/create", body, headers=variant) if answer.ok else answer
        )
        if not made.ok:
            return [Answer(made.status, "", {})]  # its words may name the place that was asked for
        ask = [{"name": name, "version": "1", "path": path} for path in ("MLmodel", "secret.txt")]
        return [
            world.call("alpha", "GET", "/model-versions/get-artifact", params=params, headers=variant) for params in ask
        ]

    def _trace(self, world, variant):
        own = f"tr-{secrets.token_hex(16)}"
        place = {"mlflow.artifactLocation": self.place}
        world.call(
            "alpha",
            "POST",
            f"{V3}/traces",
            trace(own, "<a.exp>", tags=place if self.kind == "trace" else {}),
            headers=variant,
        )
        if self.kind == "tag":
            world.call(
                "alpha",
                "PATCH",
                f"{V3}/traces/{own}/tags",
                {"key": "mlflow.artifactLocation", "value": self.place},
                headers=variant,
            )
        return [world.call("alpha", "GET", f"{AJ2}/get-trace-artifact", params={"request_id": own}, headers=variant)]


POINTERS = [
    Pointer("version in the bucket", f"{FOREIGN}/model"),
    Pointer("version in the bucket, upper case", "S3://mlz-mlflow-artifacts/<b.root>/model"),
    Pointer("version in the bucket, a blank first", f" {FOREIGN}/model"),
    Pointer("version on this server", "<b.uri>/model"),
    Pointer("version on this server, named", "mlflow-artifacts://localhost/<b.root>/model"),
    Pointer("version of bravo's and own run", "<b.uri>/model", {"run_id": "<a.run>"}),
    Pointer("version of bravo's run", "runs:/<b.run>/model"),
    Pointer("version of bravo's version", "models:/<b.model>/1"),
    Pointer("version of bravo's alias", "models:/<b.model>@champion"),
    Pointer("version of bravo's logged model", "models:/<b.logged>"),
    Pointer("version of the whole bucket", "s3://mlz-mlflow-artifacts"),
    Pointer("prompt in the bucket", f"{FOREIGN}/model", {"tags": [PROMPT]}),
    Pointer("prompt without a scheme", "//mlz-mlflow-artifacts/<b.root>/model", {"tags": [PROMPT]}),
    Pointer("version on the server's disk", "file:///etc"),
    Pointer("version at the task's metadata", "http://169.254.170.2/v2"),
    Pointer("version on this server, up", "<a.uri>/../../../../<b.root>/model"),
    Pointer("version on this server, up, encoded", "<a.uri>/%2e%2e/%2e%2e/%2e%2e/%2e%2e/<b.root>/model"),
    *(
        Pointer(f"trace in {where} ({kind})", place, kind=kind)
        for where, place in (("the bucket", FOREIGN), ("this server", "<b.uri>"))
        for kind in ("trace", "tag")
    ),
]
