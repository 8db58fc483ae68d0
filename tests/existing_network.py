"""A network as the network team makes it: VPC, private subnets, endpoints, made by EC2's own calls."""

from ipaddress import IPv4Network

BLOCK = IPv4Network("10.99.0.0/22")


def make(ec2, services, *, dns=True, tls_from=str(BLOCK), small=False):
    """Make it with *ec2*, a client in the team's account; faults by argument."""
    vpc = ec2.create_vpc(CidrBlock=str(BLOCK))["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": dns})
    routes = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    subnets = {}
    for letter, block in zip("ab", BLOCK.subnets(new_prefix=28 if small else 24), strict=False):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=str(block), AvailabilityZone=f"eu-west-1{letter}")["Subnet"]
        subnets[letter] = made["SubnetId"]
        ec2.associate_route_table(RouteTableId=routes, SubnetId=made["SubnetId"])
    group = ec2.create_security_group(GroupName="endpoints", Description="endpoints", VpcId=vpc)["GroupId"]
    tls = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": tls_from}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[tls])
    for service in services:
        where = {"VpcEndpointType": "Interface", "SubnetIds": [*subnets.values()], "SecurityGroupIds": [group]}
        if service.endswith(".s3"):
            where = {"VpcEndpointType": "Gateway", "RouteTableIds": [routes]}
        else:
            where["PrivateDnsEnabled"] = dns
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, **where)
    return {"vpc": vpc, "subnets": subnets, "group": group, "cidr": BLOCK, "routes": routes}
