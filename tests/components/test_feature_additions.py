"""Features added in place: what the group lacks, in AWS's portions, and nothing that AWS would refuse."""

import pytest

from components.ml.feature_additions import FeatureError, add_features, signature


class Group:
    """SageMaker with one group; an update goes on for some looks, the features come in pages."""

    def __init__(self, features, status="Successful", looks=1):
        self.features, self.status, self.looks, self.left, self.calls = dict(features), status, looks, 0, []

    def describe_feature_group(self, FeatureGroupName, NextToken=None):  # noqa: N803, ARG002 - AWS's names
        names = list(self.features)
        start = int(NextToken or 0)
        page = [{"FeatureName": name, "FeatureType": self.features[name]} for name in names[start : start + 50]]
        self.left -= 1
        status = "InProgress" if self.left >= 0 and self.calls else self.status
        more = {"NextToken": str(start + 50)} if start + 50 < len(names) else {}
        return {"FeatureDefinitions": page, "LastUpdateStatus": {"Status": status, "FailureReason": "no room"}, **more}

    def update_feature_group(self, FeatureGroupName, FeatureAdditions):  # noqa: N803, ARG002 - AWS's names
        self.calls.append(len(FeatureAdditions))
        self.features |= {each["FeatureName"]: each["FeatureType"] for each in FeatureAdditions}
        self.left = self.looks


HAS = {"id": "String", "at": "String"}


def test_only_what_is_missing_is_added_and_it_is_waited_for():
    group, pauses = Group(HAS, looks=3), []

    assert ["x"] == add_features(group, "g", {"x": "Integral", **HAS}, pauses.append)
    assert ([1], 3, {**HAS, "x": "Integral"}) == (group.calls, len(pauses), group.features)


def test_a_second_time_nothing_is_asked():
    group = Group(HAS)

    assert [] == add_features(group, "g", HAS)
    assert [] == group.calls


def test_many_are_added_in_the_portions_that_aws_takes():
    group = Group(HAS, looks=0)
    add_features(group, "g", {**HAS, **{f"f{number}": "Integral" for number in range(250)}})

    assert [100, 100, 50] == group.calls


@pytest.mark.parametrize("features", [{"id": "String"}, {"id": "String", "at": "Fractional"}])
def test_a_feature_that_is_gone_or_of_another_type_is_refused_before_anything_is_added(features):
    group = Group(HAS)

    with pytest.raises(FeatureError, match=r"feature group g has at \(String\): AWS takes no feature away"):
        add_features(group, "g", {**features, "x": "String"})
    assert [] == group.calls


def test_an_update_that_fails_is_said_with_its_reason():
    with pytest.raises(FeatureError, match="no room"):
        add_features(Group(HAS, "Failed", looks=0), "g", {**HAS, "x": "String"})


def test_an_update_without_end_is_given_up():
    with pytest.raises(FeatureError, match="still adds"):
        add_features(Group(HAS, looks=10**6), "g", {**HAS, "x": "String"}, lambda _: None)


def test_the_tag_changes_with_features_and_types_not_with_their_order_and_fits():
    many = {f"a_long_name_of_a_feature_{number}": "Integral" for number in range(300)}

    assert "at:String id:String" == signature(HAS) == signature(dict(reversed(HAS.items())))
    assert signature(HAS) != signature({**HAS, "at": "Fractional"})
    assert signature(many) != signature({**many, "x": "String"})
    assert signature(many).startswith("300 features ")
