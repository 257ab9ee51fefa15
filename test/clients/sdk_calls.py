"""Makes calls of openstacksdk on one connection, and prints what each answered.

Usage: sdk_calls.py [proxy]. With `proxy` the calls are those of sdk_resources.py, else the cloud layer's.

Reads one call a line, {"method": ..., "args": [...], "keywords": {...}}. The argument {"of": <method>}
stands for the resource that this method last gave, {"of": <method>, "at": 1} for the second of a list.
Writes a line for each: {"answer": {"result": ...}}, or when the SDK raises one of its own errors
{"answer": {"error": <class>, "status": ..., "detail": ...}}, with "sent", the requests to the service.
The cloud and the user come from the usual OS_ variables.
"""

import json
import sys

import openstack
from openstack import exceptions, resource

import sdk_resources


def endpoint(cloud):
    """What the SDK makes of the version documents, and whether it has a proxy of its own."""
    proxy = cloud.container_infrastructure_management
    data = proxy.get_endpoint_data()
    versions = data.min_microversion + data.max_microversion
    return {
        "url": data.url,
        "versions": ["%d.%d" % versions[:2], "%d.%d" % versions[2:]],
        "proxied": hasattr(proxy, "create_cluster"),
    }


def detail(error):
    """The server's own words, of which the SDK's message keeps nothing; or the SDK's, had no server a say."""
    response = getattr(error, "response", None)
    return str(error) if response is None else response.json()["errors"][0]["detail"]


def shown(result):
    """A result without what the SDK adds of itself."""
    if isinstance(result, list):
        return [shown(each) for each in result]
    return result.to_dict(computed=False) if isinstance(result, resource.Resource) else result


class Session:
    def __init__(self, layer):
        self.cloud = openstack.connect(load_yaml_config=False)
        self.cloud.session.session.hooks["response"].append(self.note)
        self.given = {}
        self.sent = []
        self.target = self.cloud
        if layer == "proxy":
            self.cloud.add_service(sdk_resources.SERVICE)
            self.target = self.cloud.container_infrastructure_management

    def note(self, response, **_):
        request = response.request
        if request.path_url.startswith("/v1/"):
            body = json.loads(request.body) if request.body else None
            self.sent.append({"request": "%s %s" % (request.method, request.path_url), "body": body})

    def meant(self, argument):
        if not isinstance(argument, dict):
            return argument
        given = self.given[argument["of"]]
        return given[argument["at"]] if "at" in argument else given

    def call(self, method, args, keywords):
        if method == "endpoint":
            return endpoint(self.cloud)
        result = getattr(self.target, method)(*[self.meant(each) for each in args], **keywords)
        return list(result) if hasattr(result, "__next__") else result

    def answer(self, method, args, keywords):
        try:
            self.given[method] = self.call(method, args, keywords)
            return {"result": shown(self.given[method])}
        except exceptions.SDKException as error:
            status = getattr(error, "status_code", None)
            return {"error": type(error).__name__, "status": status, "detail": detail(error)}


def main():
    session = Session(*(sys.argv[1:] or ["cloud"]))
    for line in sys.stdin:
        session.sent.clear()
        answer = session.answer(**json.loads(line))
        print(json.dumps({"answer": answer, "sent": session.sent}), flush=True)


if __name__ == "__main__":
    main()
