"""An organisation of 14 accounts that is there before us, with and without Control Tower, and a newcomer's files."""

from local.identities import Identities

MANAGEMENT, ORGANIZATION, REGION = "111122223333", "o-existing01", "eu-west-1"
UNITS = {
    "Security": "ou-root-security",
    "Sandbox": "ou-root-sandbox1",
    "Workloads": "ou-root-workload",
    "Workloads/Dev": "ou-root-devdevdv",
    "Workloads/Web": "ou-root-webwebwe",
}


def account(number, name, unit, **more):
    email = f"{name.lower().replace(' ', '.')}@corp.example"
    return {"id": f"{number:012d}", "name": name, "email": email, "unit": unit, **more}


OURS = [
    account(200000000001, "ML Platform", "Workloads/Dev", tags={"team": "ml"}),
    account(200000000002, "Fraud Dev", "Workloads/Dev", tags={"team": "fraud", "mlz:owner": "old@corp.example"}),
]
OTHERS = [
    account(300000000001, "Log Archive", "Security"),
    account(300000000002, "Audit", "Security"),
    account(300000000003, "Legacy ERP", ""),
    account(300000000004, "Playground", "Sandbox"),
    *(account(300000000010 + n, f"Web Shop {n}", "Workloads/Web") for n in range(8)),
]
TOWER = {"region": REGION, "version": "3.3", "controls": {"Workloads/Dev": ["AWS-GR_RESTRICT_ROOT_USER"]}}


def identities(*, tower=False, ours_in=None):
    """The organisation; *ours_in*: the unit in which our accounts are found."""
    ours = [{**each, "unit": each["unit"] if ours_in is None else ours_in} for each in OURS]
    existing = {
        "root": "r-root",
        "policy_types": ["SERVICE_CONTROL_POLICY", "BACKUP_POLICY"],
        "services": ["ec2.amazonaws.com", "cloudtrail.amazonaws.com", *(["controltower.amazonaws.com"] * tower)],
        "units": UNITS,
        "accounts": [*ours, *OTHERS],
        **({"control_tower": TOWER} if tower else {}),
    }
    role = "AWSControlTowerExecution" if tower else "OrganizationAccountAccessRole"
    return Identities(MANAGEMENT, ORGANIZATION, provisioning_role=role, existing=existing)


def files(folder, **organization):
    """Write what a newcomer writes: the organisation, an environment, its platform and one team."""
    more = "".join(f"{key}: {value}\n" for key, value in organization.items())
    texts = {
        "org/environment.yaml": (
            "kind: organization\nowner: platform@corp.example\ncost_centre: CC-1\n"
            f'management_account_id: "{MANAGEMENT}"\n'
            f"home_region: {REGION}\nallowed_regions: [{REGION}]\nbudget_alert_email: finops@corp.example\n{more}"
        ),
        "dev/environment.yaml": (
            f"kind: environment\nregion: {REGION}\nzones: [a, b]\naddress_pool: 10.64.0.0/14\n"
            "organizational_unit: Workloads/Dev\nsign_in: {by: federation, trusted: [saml-provider/corp]}\n"
            "mlflow: {mode: shared, isolation: none}\n"
        ),
        "dev/fraud.yaml": (
            "kind: team\nowner: fraud@corp.example\ncost_centre: CC-2\nemail: fraud.dev@corp.example\n"
            "members: {ada: {email: ada@corp.example, persona: data_scientist}}\ninstance_types: {}\n"
        ),
    }
    for file, text in texts.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
