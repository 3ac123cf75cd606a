import pytest
from datetime import date
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.db.backends.postgresql.psycopg_any import DateRange
from accounts.models import User, Role, RoleAssignment
from hcpcs.models import Code, Release
from verification.services.represent import name_organization
from verification.services import drafts, documents, review
from verification.models import Application, Outcome, Letter
from verification.workflow.perform import perform, possible
from verification.letters.compose import letter_pdf
from verification.queries import checklist
import pikepdf, io


def pdf(n):
    p = pikepdf.new(); p.add_blank_page(); p.docinfo["/Title"] = str(n); b = io.BytesIO(); p.save(b); return b.getvalue()


@pytest.mark.django_db(transaction=True)
def test_journey():
    r = Release.objects.create(year=2023, quarter=1, file_name="x", sha256="0" * 64)
    code = Code.objects.create(kind="code", code="K1007", long_description="Bil hkaf", short_description="x", added=date(2020, 10, 1), first_release=r, last_release=r)
    u = User.objects.create_user("a@example.org", "x", name="A")
    rep = name_organization(user=u, name="Stride")
    app = drafts.start_application(organization=rep.organization, product_group="powered-orthoses", by=u)
    app = drafts.save_section(application=app, section="reason", values={"reason": "never-reviewed", "previous_dcn": ""}, seen_version=app.version)
    app = drafts.save_section(application=app, section="manufacturer", values=dict(manufacturer_name="Stride", manufacturer_address="1 Way", fda_establishment_number="1", contact_name="A", contact_email="a@example.org", contact_phone="1", distributor_name=""), seen_version=app.version)
    app = drafts.save_product(application=app, values=dict(product_name="StrideOne", description="d", first_marketed=None, fda_status="exempt", fda_submission_number=""), model_numbers=["S-1", "S 1", "S-2"], codes=[code], seen_version=app.version)
    app = drafts.save_answers(application=app, answers={q.key: (q.options[0][0] if q.options else "yes" if q.kind == "yes_no" else 5 if q.kind == "number" else "t") for q in app.group.questions}, seen_version=app.version)
    for k in ("fda-registration", "product-literature", "instructions-for-use"):
        documents.attach_document(application=app, kind=k, upload=SimpleUploadedFile("a.pdf", pdf(k)), by=u)
    app.refresh_from_db()
    app = drafts.save_section(application=app, section="signature", values=dict(signed_name="A", signed_title="CEO", attested=True), seen_version=app.version)
    log = perform("submit", application=app, by=u, seen_version=app.version)
    assert perform("submit", application=app, by=u, seen_version=app.version) == log
    app = Application.objects.get(pk=app.pk)
    rv = User.objects.create_user("r@example.org", "x", name="R"); RoleAssignment.objects.create(user=rv, role=Role.REVIEWER)
    ap = User.objects.create_user("p@example.org", "x", name="P"); RoleAssignment.objects.create(user=ap, role=Role.APPROVER)
    perform("accept", application=app, by=rv, seen_version=app.version)
    app = Application.objects.get(pk=app.pk)
    app = review.save_findings(application=app, findings={row.name: ("yes", "p. 1") for row in checklist.rows(app)}, by=rv, seen_version=app.version)
    review.draft_determination(application=app, outcome=Outcome.CODES_ASSIGNED, codes=[code], rationale="Good", by=rv, seen_version=app.version)
    app = Application.objects.get(pk=app.pk)
    print(possible(app, rv))
    perform("recommend", application=app, by=rv, seen_version=app.version)
    app = Application.objects.get(pk=app.pk)
    perform("determine", application=app, by=ap, seen_version=app.version, given={"letter_date": timezone.localdate(), "begins": timezone.localdate()})
    from pcl.models import RegisterEntry, ListingChange
    print(RegisterEntry.objects.values())
    assert ListingChange.objects.count() == 2
    from accounts.models import OutgoingMail
    print(OutgoingMail.objects.values_list("subject"))
    import pathlib; d = Letter.objects.get().determination; pathlib.Path("/tmp/letter.pdf").write_bytes(letter_pdf(d)); d.letter_date = None; d.begins = None; pathlib.Path("/tmp/draft.pdf").write_bytes(letter_pdf(d, draft_of=timezone.localdate()))
