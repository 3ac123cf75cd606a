import json
import urllib.request
from pathlib import Path

SITE = "https://register.example"
KEPT = Path("listings.json")


def ask(address):
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read()


if KEPT.exists():
    mirror = json.loads(KEPT.read_text(encoding="utf-8"))
else:
    files = json.loads(ask(f"{SITE}/api/v1/exports/"))["files"]
    file = next(each for each in files if each["noun"] == "listings" and each["format"] == "ndjson")
    rows = [json.loads(line) for line in ask(file["url"]).splitlines()]
    mirror = {"seq": file["change_seq"], "listings": {str(row["id"]): row for row in rows}}
    for row in rows:
        # These two follow from the day and from CMS's codes, which the changes do not tell.
        del row["status"], row["code_description"]

address = f"{SITE}/api/v1/changes/?after={mirror['seq']}&limit=1000"
while address:
    page = json.loads(ask(address))
    for change in page["results"]:
        assert change["seq"] == mirror["seq"] + 1, "a change is missing"
        now = change["after"]
        new = {"published_at": change["at"], "url": f"{SITE}/listings/{now['id']}/"}
        mirror["listings"].setdefault(str(now["id"]), new).update(now)
        mirror["seq"] = change["seq"]
    address = page["next"]

KEPT.write_text(json.dumps(mirror, ensure_ascii=False), encoding="utf-8")
print(len(mirror["listings"]), "listings as of change", mirror["seq"])
