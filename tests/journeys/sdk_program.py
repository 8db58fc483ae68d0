"""What a data scientist writes with the SageMaker Python SDK, and nothing more: no bucket, network, key or role.

Run by test_sdk.py with the SDK's own Python: python sdk_program.py ENDPOINT VPC IMAGE INSTANCE_TYPE FILE
"""

import json
import sys

import boto3
import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor

endpoint, vpc, image, instance_type, data = sys.argv[1:]
session = boto3.Session(region_name="eu-west-1")
session.events.register("before-sign.*", lambda request, **_: request.headers.add_header("X-Mlz-Vpc", vpc))
ours = sagemaker.Session(
    boto_session=session,
    sagemaker_client=session.client("sagemaker", endpoint_url=endpoint),
    sagemaker_runtime_client=session.client("sagemaker-runtime", endpoint_url=endpoint),
)
uri = ours.upload_data(data, key_prefix="raw")
estimator = Estimator(
    image_uri=image, instance_type=instance_type, instance_count=1, max_run=3600, sagemaker_session=ours
)
estimator.fit({"train": uri}, wait=False, job_name="by-the-sdk")
processor = Processor(
    image_uri=image,
    instance_type=instance_type,
    instance_count=1,
    max_runtime_in_seconds=3600,
    sagemaker_session=ours,
)
processor.run(
    inputs=[ProcessingInput(source=uri, destination="/opt/ml/processing/input")],
    outputs=[ProcessingOutput(source="/opt/ml/processing/output")],
    wait=False,
    logs=False,
    job_name="processed-by-the-sdk",
)
sys.stdout.write(json.dumps({"bucket": ours.default_bucket(), "uri": uri}))
