import threading
import time
from pathlib import Path

import pytest
from django.db import connections

from hcpcs.models import Fee, FeeSchedule
from hcpcs.services import import_fees as module
from hcpcs.services.import_fees import import_fees
from tests.hcpcs.fee_files import fee_file, fee_row

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_imports_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find no schedule of the quarter when they begin: without a queue, the second fails on its name."""
    first = fee_file(tmp_path, [fee_row("E0001"), fee_row("E0002")], name="a.csv")
    second = fee_file(tmp_path, [fee_row("E0001"), fee_row("E0003")], name="b.csv")
    copy = module.copy_rows
    failures: list[BaseException] = []

    def copy_slowly(**arguments: object) -> None:
        time.sleep(0.3)
        copy(**arguments)  # type: ignore[arg-type]

    def run(path: Path) -> None:
        try:
            import_fees(path=path)
        except BaseException as error:  # noqa: BLE001  # shown below, in the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    monkeypatch.setattr(module, "copy_rows", copy_slowly)
    threads = [threading.Thread(target=run, args=(path,)) for path in (first, second, first)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert FeeSchedule.objects.count() == 1
    assert list(Fee.objects.values_list("code", flat=True)) in [["E0001", "E0002"], ["E0001", "E0003"]]


def test_an_import_that_breaks_off_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_fees(path=fee_file(tmp_path, [fee_row("E0001")], name="a.csv"))
    before = list(Fee.objects.values_list("pk", "code"))

    def fail(**arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "copy_rows", fail)
    with pytest.raises(KeyboardInterrupt):
        import_fees(path=fee_file(tmp_path, [fee_row("E0002")], name="b.csv"))
    assert list(Fee.objects.values_list("pk", "code")) == before
    assert FeeSchedule.objects.get().file_name == "a.csv"
