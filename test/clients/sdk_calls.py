"""Makes one call of openstacksdk's cloud layer and prints what it answered as JSON.

Usage: sdk_calls.py <method> [<JSON list of arguments> [<JSON object of keyword arguments>]]

Prints {"result": ...}, or {"error": <class>, "status": ..., "detail": ...} when the SDK raises one of
its own errors. The cloud and the user come from the usual OS_ variables.
"""

import json
import sys

import openstack
from openstack import exceptions


def endpoint(cloud):
    """What the SDK makes of the version documents."""
    proxy = cloud.container_infrastructure_management
    data = proxy.get_endpoint_data()
    versions = data.min_microversion + data.max_microversion
    return {"url": data.url, "versions": ["%d.%d" % versions[:2], "%d.%d" % versions[2:]]}


def call(cloud, method, args="[]", kwargs="{}"):
    if method == "endpoint":
        return endpoint(cloud)
    return getattr(cloud, method)(*json.loads(args), **json.loads(kwargs))


def detail(error):
    """The server's own words, of which this SDK's message keeps nothing."""
    response = getattr(error, "response", None)
    return None if response is None else response.json()["errors"][0]["detail"]


def main():
    cloud = openstack.connect(load_yaml_config=False)
    try:
        answer = {"result": call(cloud, *sys.argv[1:])}
    except exceptions.SDKException as error:
        answer = {
            "error": type(error).__name__,
            "status": getattr(error, "status_code", None),
            "detail": detail(error),
        }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
