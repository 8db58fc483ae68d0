"""The manifests: what Kubernetes 1.37 says of them, and what we promise beyond it."""

import copy
import dataclasses
import re

import kubernetes_validate
import manifests
import pytest
import yaml
from serving.settings import Settings

OBJECTS = manifests.objects()
KUSTOMIZATION = yaml.safe_load((manifests.FOLDER / "kustomization.yaml").read_text())
PODS = {"app.kubernetes.io/component": "predictor"}


@pytest.mark.parametrize("name", OBJECTS)
def test_kubernetes_knows_every_field(name):
    kubernetes_validate.validate(OBJECTS[name], "1.37", strict=True)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("deployment/serving", ("spec", "template", "spec", "containers", 0)),
        ("autoscaler/serving", ("spec", "metrics", 0)),
        ("network-policy/serving", ("spec", "ingress", 0)),
    ],
)
def test_a_misspelt_field_would_be_found(name, path):
    wrong = inner = copy.deepcopy(OBJECTS[name])
    for step in path:
        inner = inner[step]
    inner["resorces"] = {}

    with pytest.raises(kubernetes_validate.ValidationError, match="resorces"):
        kubernetes_validate.validate(wrong, "1.37", strict=True)


def test_every_file_is_applied_but_the_administrators():
    files = {file.name for file in manifests.FOLDER.glob("*.yaml")} - {"kustomization.yaml", "admission-policy.yaml"}

    assert files == set(KUSTOMIZATION["resources"])


def test_the_image_has_a_digest_and_the_kustomization_sets_it():
    (container,) = manifests.pod()["containers"]
    (image,) = KUSTOMIZATION["images"]

    assert re.fullmatch(r"[a-z-]+@sha256:[0-9a-f]{64}", container["image"])
    assert container["image"].startswith(image["name"] + "@")
    assert image["digest"].startswith("sha256:")
    assert "newTag" not in image


def test_every_container_is_confined():
    pod = manifests.pod()
    containers = [*pod["containers"], *pod.get("initContainers", [])]

    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] >= 10_000
    assert {"type": "RuntimeDefault"} == pod["securityContext"]["seccompProfile"]
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    assert {"emptyDir"} == {kind for volume in pod["volumes"] for kind in volume} - {"name"}
    for container in containers:
        context = container["securityContext"]
        assert (False, False, True) == (
            context["allowPrivilegeEscalation"],
            context["privileged"],
            context["readOnlyRootFilesystem"],
        )
        assert {"drop": ["ALL"]} == context["capabilities"]
        assert {"cpu", "memory", "ephemeral-storage"} == container["resources"]["requests"].keys()
        assert {"cpu", "memory", "ephemeral-storage"} == container["resources"]["limits"].keys()


def test_no_token_of_a_service_account_is_mounted():
    assert manifests.pod()["automountServiceAccountToken"] is False
    assert OBJECTS["service-account/serving"]["automountServiceAccountToken"] is False


def test_the_probes_ask_what_the_service_answers():
    (container,) = manifests.pod()["containers"]
    paths = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "readiness", "liveness")}

    assert {"startup": "/readyz", "readiness": "/readyz", "liveness": "/healthz"} == paths
    assert container["startupProbe"]["periodSeconds"] * container["startupProbe"]["failureThreshold"] >= 300


def test_settings_are_the_services_own_and_leave_time_to_stop():
    (container,) = manifests.pod()["containers"]
    given = {one["name"]: one["value"] for one in container["env"]}
    grace = int(given["GRACE_SECONDS"]) + container["lifecycle"]["preStop"]["sleep"]["seconds"]

    assert given.keys() <= {field.name.upper() for field in dataclasses.fields(Settings)}
    assert [int(given["PORT"])] == [port["containerPort"] for port in container["ports"]]
    assert grace < manifests.pod()["terminationGracePeriodSeconds"]


def test_everything_selects_the_deployments_pods():
    deployment = OBJECTS["deployment/serving"]["spec"]

    assert PODS == deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
    assert PODS == OBJECTS["service/serving"]["spec"]["selector"]
    assert PODS == OBJECTS["disruption-budget/serving"]["spec"]["selector"]["matchLabels"]
    assert PODS == OBJECTS["network-policy/serving"]["spec"]["podSelector"]["matchLabels"]
    assert "serving" == OBJECTS["autoscaler/serving"]["spec"]["scaleTargetRef"]["name"]
    assert "replicas" not in deployment


def test_two_replicas_at_least_and_a_rollout_takes_none_away():
    scaler, budget = OBJECTS["autoscaler/serving"]["spec"], OBJECTS["disruption-budget/serving"]["spec"]

    assert scaler["minReplicas"] >= 2
    assert scaler["minReplicas"] > budget["maxUnavailable"]
    assert 0 == OBJECTS["deployment/serving"]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"]


def test_only_the_gateway_and_prometheus_get_in_and_nothing_out():
    nothing, serving = OBJECTS["network-policy/nothing"]["spec"], OBJECTS["network-policy/serving"]["spec"]
    (rule,) = serving["ingress"]
    namespaces = [one["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for one in rule["from"]]

    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} == nothing
    assert ["gateway", "monitoring"] == namespaces
    assert [{"port": "http", "protocol": "TCP"}] == rule["ports"]
    assert "egress" not in serving
