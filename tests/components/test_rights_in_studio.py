"""In Studio each meets only what is theirs, and nothing opens to the outside."""

import pytest

from tests.rights import FRAUD, may, sagemaker


def in_studio(person, **more):
    """What Studio says of a session of *person*."""
    return {"sagemaker:DomainId": "d-1", "sagemaker:UserProfileName": person, **more}


@pytest.mark.shows("E3")
@pytest.mark.parametrize(("profile", "expected"), [("ana-silva", True), ("ben-okoye", False)])
def test_a_person_enters_studio_as_oneself_only(profile, expected):
    resource = sagemaker(FRAUD, "user-profile", f"d-1/{profile}")

    assert expected is may(
        FRAUD, "data-scientist", "sagemaker:CreatePresignedDomainUrl", resource, in_studio("ana-silva")
    )


@pytest.mark.shows("E4", "K4")
@pytest.mark.parametrize(
    ("owner", "sharing", "kind", "expected"),
    [
        ("ana-silva", "Private", "notebook", True),
        ("ben-okoye", "Private", "notebook", False),
        ("ben-okoye", "Shared", "notebook", True),
        ("ana-silva", "Shared", "notebook", True),
        ("ana-silva", "Private", "ml.p5.48xlarge", False),
        ("ana-silva", "Private", None, False),
    ],
)
def test_a_person_starts_apps_in_own_and_shared_spaces_on_declared_types(owner, sharing, kind, expected):
    types = FRAUD.instance_types.notebook[:1] if kind == "notebook" else kind and [kind]
    context = in_studio(
        "ana-silva",
        **{
            "sagemaker:OwnerUserProfileArn": sagemaker(FRAUD, "user-profile", f"d-1/{owner}"),
            "sagemaker:SpaceSharingType": sharing,
            "sagemaker:InstanceTypes": types,
        },
    )
    app = sagemaker(FRAUD, "app", "d-1/space/JupyterLab/default")

    assert expected is may(FRAUD, "data-scientist", "sagemaker:CreateApp", app, context)


@pytest.mark.parametrize("role", ["reviewer", "operator"])
def test_a_shared_space_does_not_lend_the_scientists_rights_to_those_without_data(role):
    def starts(sharing):
        context = in_studio(
            "ana-silva",
            **{
                "sagemaker:OwnerUserProfileArn": sagemaker(FRAUD, "user-profile", "d-1/ana-silva"),
                "sagemaker:SpaceSharingType": sharing,
                "sagemaker:InstanceTypes": FRAUD.instance_types.notebook[:1],
            },
        )
        app = may(FRAUD, role, "sagemaker:CreateApp", sagemaker(FRAUD, "app", "d-1/space/JupyterLab/default"), context)
        return app, may(FRAUD, role, "sagemaker:CreateSpace", sagemaker(FRAUD, "space", "d-1/space"), context)

    assert (True, True) == starts("Private")
    assert (False, False) == starts("Shared")


@pytest.mark.parametrize(("remote", "expected"), [(None, True), ("DISABLED", True), ("ENABLED", False)])
def test_no_space_is_opened_to_an_editor_outside(remote, expected):
    context = in_studio(
        "ana-silva",
        **{
            "sagemaker:OwnerUserProfileArn": sagemaker(FRAUD, "user-profile", "d-1/ana-silva"),
            "sagemaker:SpaceSharingType": "Private",
            "sagemaker:RemoteAccess": remote,
        },
    )

    assert expected is may(
        FRAUD, "data-scientist", "sagemaker:CreateSpace", sagemaker(FRAUD, "space", "d-1/space"), context
    )


@pytest.mark.parametrize("role", ["data-scientist", "ml-engineer", "reviewer", "operator"])
@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ListPipelineExecutions", sagemaker(FRAUD, "pipeline")),
        ("ListPipelineParametersForExecution", sagemaker(FRAUD, "pipeline", "x/execution/1")),
        ("DescribePipelineDefinitionForExecution", sagemaker(FRAUD, "pipeline", "x/execution/1")),
        ("ListTrainingJobsForHyperParameterTuningJob", sagemaker(FRAUD, "hyper-parameter-tuning-job")),
        ("ListTags", sagemaker(FRAUD, "training-job")),
        ("DescribeTrialComponent", sagemaker(FRAUD, "experiment-trial-component")),
        ("BatchGetMetrics", sagemaker(FRAUD, "experiment-trial-component")),
        ("DescribeArtifact", sagemaker(FRAUD, "artifact")),
        ("QueryLineage", "*"),
        ("Search", "*"),
    ],
)
def test_everyone_sees_what_ran_and_where_it_came_from(role, action, resource):
    assert may(FRAUD, role, f"sagemaker:{action}", resource)
