import json
import time
import urllib.request
import uuid

SITE = "https://register.example"
LINES = [
    {"ref": "1", "code": "K1007", "date_of_service": "2024-06-01", "product": "ReWalk"},
    {"ref": "2", "code": "K1007", "date_of_service": "2024-06-01", "product": "Other"},
]


def ask(address, method="GET", body=None, headers=None):
    request = urllib.request.Request(address, data=body, headers=headers or {}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


# With the same key the request may be sent again, when no answer came, and still begins one job only.
headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
job = json.loads(ask(f"{SITE}/api/v1/checks/jobs/", "POST", json.dumps({"lines": LINES}).encode(), headers))
while job["state"] == "at_work":
    print(job["lines_done"], "of", job["lines"], "lines are checked")
    time.sleep(2)
    job = json.loads(ask(job["url"]))
assert job["state"] == "done", job["failure"]

for line in ask(job["results"]["ndjson"]).splitlines():
    result = json.loads(line)
    print(result["ref"], result["answer"], *result["reasons"])
ask(job["url"], "DELETE")
