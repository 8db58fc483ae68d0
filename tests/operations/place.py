"""A team's account on the emulated AWS with a Studio that people use, and patience that costs no time."""

from operations.teardown.patience import Patience
from tests.local.people import allow, document
from zone import names


class Place:
    """A team's account with a network, a domain in it, and what people made there."""

    def __init__(self, session, plan):
        self.session, self.plan = session, plan
        self.sagemaker, self.ec2 = self.client("sagemaker"), self.client("ec2")
        self.role()
        tags = [{"ResourceType": "vpc", "Tags": [{"Key": "mlz:account", "Value": plan.account.key}]}]
        cidr = str(plan.network.cidr)
        self.vpc = self.ec2.create_vpc(CidrBlock=cidr, TagSpecifications=tags)["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr)["Subnet"]["SubnetId"]
        self.domain = self.make_domain(names.domain(plan.account.key))
        self.home = {"FileSystemId": self.sagemaker.describe_domain(**self.domain)["HomeEfsFileSystemId"]}

    def client(self, service):
        return self.session.client(service, region_name=self.plan.account.region)

    def role(self):
        trust = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        iam = self.client("iam")
        try:
            self.arn = iam.create_role(RoleName="studio", AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        except iam.exceptions.EntityAlreadyExistsException:
            self.arn = iam.get_role(RoleName="studio")["Role"]["Arn"]
        iam.put_role_policy(RoleName="studio", PolicyName="all", PolicyDocument=document(allow("*")))

    def make_domain(self, name):
        made = self.sagemaker.create_domain(
            DomainName=name,
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": self.arn},
            SubnetIds=[self.subnet],
            VpcId=self.vpc,
            AppNetworkAccessType="VpcOnly",
        )
        return {"DomainId": made["DomainArn"].split("/")[1]}

    def person(self, name, fault=None, domain=None):
        """Somebody with a private space and a running app in it; return the app's ARN."""
        domain = domain or self.domain
        self.sagemaker.create_user_profile(**domain, UserProfileName=name)
        space = {**domain, "SpaceName": f"own-{name}"}
        ours = {"OwnerUserProfileName": name}
        self.sagemaker.create_space(**space, OwnershipSettings=ours, SpaceSharingSettings={"SharingType": "Private"})
        tags = [{"Key": "mlz-rehearsal", "Value": fault}] if fault else []
        return self.sagemaker.create_app(**space, AppType="JupyterLab", AppName="default", Tags=tags)["AppArn"]

    def left(self):
        """What of Studio is in the team's network, in the order of kinds."""
        inside = [{"Name": "vpc-id", "Values": [self.vpc]}]
        groups = self.ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
        interfaces = self.ec2.describe_network_interfaces(Filters=inside)["NetworkInterfaces"]
        homes = self.client("efs").describe_file_systems()["FileSystems"]
        return {
            "domain": [
                each for each in self.sagemaker.list_domains()["Domains"] if each["DomainId"] in self.domain.values()
            ],
            "home": [each["FileSystemId"] for each in homes if each["FileSystemId"] in self.home.values()],
            "interfaces": interfaces,
            "groups": [each["GroupName"] for each in groups if each["GroupName"] != "default"],
        }


def arn_of(place, app):
    account = place.plan.account
    whose = app.get("SpaceName") or app["UserProfileName"]
    path = f"{app['DomainId']}/{whose}/{app['AppType'].lower()}/{app['AppName']}"
    return f"arn:aws:sagemaker:{account.region}:{account.account_id}:app/{path}"


def patience(said=None, seconds=60.0):
    """Wait without waiting: the clock goes on by what would have been slept."""
    passed = [0.0]

    def pause(time):
        passed[0] += time

    return Patience(seconds, (said if said is not None else []).append, pause, lambda: passed[0])
