import csv
import hashlib
import io
import json
import urllib.request
from collections import Counter

SITE = "https://register.example"


def download(address):
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read()


files = json.loads(download(f"{SITE}/api/v1/exports/"))["files"]
file = next(each for each in files if each["noun"] == "listings" and each["format"] == "csv")
content = download(file["url"])
assert hashlib.sha256(content).hexdigest() == file["sha256"], "the file did not arrive whole"

listings = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
print(len(listings), "listings as of", file["generated_at"])
for status, count in sorted(Counter(listing["status"] for listing in listings).items()):
    print(count, status)
