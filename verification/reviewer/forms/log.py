"""What of the log is asked for; everything may be left out."""

from datetime import date

from django import forms

from accounts.models import User
from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from verification.models import Application
from verification.queries.audit_log import KINDS, LogFilter


class LogForm(forms.Form):
    kind = forms.ChoiceField(label="What", choices=[("", "Everything"), *KINDS.items()], required=False)
    person = forms.CharField(label="Person’s e-mail address", required=False, max_length=254)
    application = forms.CharField(label="Application’s number", required=False, max_length=20)
    first = forms.DateField(
        label="From", required=False, error_messages={"invalid": "“%(value)s” is not a date. Give YYYY-MM-DD."}
    )
    last = forms.DateField(
        label="To", required=False, error_messages={"invalid": "“%(value)s” is not a date. Give YYYY-MM-DD."}
    )

    def clean_person(self) -> User | None:
        said = self.cleaned_data["person"].strip()
        if not said:
            return None
        found = User.objects.filter(email__iexact=said).first()
        if found is None:
            raise forms.ValidationError(f"Nobody has the address “{said}”. Give it as the person signs in with it.")
        return found

    def clean_application(self) -> Application | None:
        said = self.cleaned_data["application"].strip()
        if not said:
            return None
        found = Application.objects.filter(dcn__iexact=said).first()
        if found is None:
            raise forms.ValidationError(f"No application has the number “{said}”. It looks like CVR-2026-000001.")
        return found

    def clean(self) -> None:
        for name in ("first", "last"):
            if day := self.cleaned_data.get(name):
                try:
                    refuse_implausible_day(day)
                except RegisterError as error:
                    self.add_error(name, str(error))
        first: date | None = self.cleaned_data.get("first")
        last: date | None = self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", "This day is before the first one. Give the same day or a later one.")

    @property
    def asked(self) -> LogFilter:
        said = self.cleaned_data
        return LogFilter(
            kind=said["kind"],
            person_id=said["person"].pk if said["person"] else None,
            application_id=said["application"].pk if said["application"] else None,
            first_day=said["first"],
            last_day=said["last"],
        )
