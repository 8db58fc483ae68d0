"""The manifests before a real API server, where MLZ_KUBE_APISERVER names a folder with `kube-apiserver` and `etcd`.

docs/kubernetes-serving.md says how the two are built. Nothing runs in this cluster: it has no scheduler and no node.
"""

import copy
import json
import os
import secrets
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import manifests
import pytest

BINARIES = os.environ.get("MLZ_KUBE_APISERVER", "")
pytestmark = pytest.mark.skipif(not BINARIES, reason="MLZ_KUBE_APISERVER names no folder with kube-apiserver and etcd")
PLACES = {
    "Namespace": "api/v1/namespaces",
    "ServiceAccount": "api/v1/namespaces/churn/serviceaccounts",
    "Service": "api/v1/namespaces/churn/services",
    "Deployment": "apis/apps/v1/namespaces/churn/deployments",
    "HorizontalPodAutoscaler": "apis/autoscaling/v2/namespaces/churn/horizontalpodautoscalers",
    "PodDisruptionBudget": "apis/policy/v1/namespaces/churn/poddisruptionbudgets",
    "NetworkPolicy": "apis/networking.k8s.io/v1/namespaces/churn/networkpolicies",
    "ValidatingAdmissionPolicy": "apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": "apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
}


class Cluster:
    """An API server, asked as its administrator."""

    def __init__(self, port: int, token: str, certificate: Path) -> None:
        self._base, self._token, self._certificate = f"https://127.0.0.1:{port}/", token, certificate

    def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, str]:
        request = urllib.request.Request(self._base + path, json.dumps(body).encode() if body else None, method=method)
        request.add_header("Authorization", f"Bearer {self._token}")
        request.add_header("Content-Type", "application/apply-patch+yaml")
        context = ssl.create_default_context(cafile=str(self._certificate))
        try:
            with urllib.request.urlopen(request, timeout=30, context=context) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def apply(self, one: dict, *, dry: bool = True) -> tuple[int, str]:
        """Server-side apply; a field nobody knows is an error."""
        query = "fieldManager=test&fieldValidation=Strict" + ("&dryRun=All" if dry else "")
        return self.ask("PATCH", f"{PLACES[one['kind']]}/{one['metadata']['name']}?{query}", one)


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    client, peer, port = free_ports(3)
    token, key = secrets.token_hex(16), folder / "key.pem"
    (folder / "tokens.csv").write_text(f"{token},admin,admin,system:masters\n")
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    store, peers = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
    flags = {
        "etcd": {
            "data-dir": folder / "etcd",
            "listen-client-urls": store,
            "advertise-client-urls": store,
            "listen-peer-urls": peers,
            "initial-advertise-peer-urls": peers,
            "initial-cluster": f"default={peers}",
        },
        "kube-apiserver": {
            "etcd-servers": store,
            "secure-port": port,
            "bind-address": "127.0.0.1",
            "cert-dir": folder / "certificates",
            "token-auth-file": folder / "tokens.csv",
            "service-account-key-file": key,
            "service-account-signing-key-file": key,
            "service-account-issuer": "https://localhost",
            "service-cluster-ip-range": "10.0.0.0/24",
            "authorization-mode": "RBAC",
            "disable-admission-plugins": "ServiceAccount",
        },
    }
    running = []
    with (folder / "log").open("wb") as log:
        for name, given in flags.items():
            command = [Path(BINARIES) / name, *(f"--{flag}={value}" for flag, value in given.items())]
            running.append(subprocess.Popen(command, stdout=log, stderr=log))
        one = Cluster(port, token, folder / "certificates" / "apiserver.crt")
        try:
            end = time.monotonic() + 120
            while True:
                assert all(process.poll() is None for process in running), (folder / "log").read_text()[-2000:]
                assert time.monotonic() < end, (folder / "log").read_text()[-2000:]
                try:
                    if 200 == one.ask("GET", "readyz")[0]:
                        break
                except OSError:
                    time.sleep(0.2)
            status, said = one.apply(manifests.objects()["namespace/churn"], dry=False)
            assert status in {200, 201}, said
            yield one
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait(60)


@pytest.mark.parametrize("name", manifests.objects())
def test_the_api_server_takes_it(cluster, name):
    status, said = cluster.apply(manifests.objects()[name])

    assert status in {200, 201}, said


def test_the_api_server_refuses_a_field_it_does_not_know(cluster):
    wrong = copy.deepcopy(manifests.objects()["deployment/serving"])
    wrong["spec"]["template"]["spec"]["containers"][0]["readOnlyRootFilesystem"] = True
    status, said = cluster.apply(wrong)

    assert status >= 400
    assert "readOnlyRootFilesystem" in said


def test_the_admission_policy_denies_a_tag(cluster):
    for one in manifests.objects().values():
        if one["metadata"]["name"] == "images-by-digest":
            assert cluster.apply(one, dry=False)[0] in {200, 201}
    tagged = copy.deepcopy(manifests.objects()["deployment/serving"])
    tagged["spec"]["template"]["spec"]["containers"][0]["image"] = "serving-churn:latest"
    end = time.monotonic() + 60
    while (answer := cluster.apply(tagged))[0] < 400 and time.monotonic() < end:
        time.sleep(0.2)  # a policy is in force seconds after it was made

    assert 422 == answer[0]
    assert "name it by its digest" in answer[1]
    assert cluster.apply(manifests.objects()["deployment/serving"])[0] in {200, 201}
