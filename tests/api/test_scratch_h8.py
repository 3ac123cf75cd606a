import subprocess, pytest, json
from tests.api.test_fhir_documentation import EXAMPLES
from tests.api.hcpcs_excerpt import load_excerpt
@pytest.mark.django_db(transaction=True)
def test_curl(live_server, tmp_path):
    load_excerpt(tmp_path)
    for command, answer in EXAMPLES:
        out = subprocess.run(["bash","-c",command.replace("curl ","curl -s -w '\\n%{http_code} %{content_type}' ",1)], env={"REGISTRY":live_server.url,"PATH":"/usr/bin:/bin","no_proxy":"*"}, capture_output=True, text=True).stdout
        body, _, last = out.rpartition("\n")
        ok = json.loads(body)==json.loads(answer) if answer else None
        print(command.split("\n")[0][:110], "->", last, len(body), ok)
