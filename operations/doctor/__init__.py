"""What a deployment needs and lacks, each with its remedy. Only reads.

findings = [*of_machine(…), *of_aws(zone, report)]
"""
