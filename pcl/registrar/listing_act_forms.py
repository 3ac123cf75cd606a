"""What is asked for each act on a listing."""

from django import forms

from pcl.queries.listing_filter import DayField
from pcl.registrar.fields import Text
from pcl.registrar.reason_form import ReasonForm, code_field, day_field, name_field, source_field

LAST_DAY_HELP = "The last date of service on which it may be billed; that day included."
LONGEST_COMMENT = 1000


class ListingActForm(ReasonForm):
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class LastDayForm(ListingActForm):
    last_day = day_field("Last day to bill", help_text=LAST_DAY_HELP)


class BeginForm(ListingActForm):
    begins = day_field("First day to bill", help_text="The first date of service of the new period.")


class RecodeForm(ListingActForm):
    code = code_field("New code")
    begins = day_field(
        "First day to bill under the new code",
        help_text="The listing under the old code ends on the day before, unless it ends earlier already.",
    )


class CorrectForm(ListingActForm):
    begins = day_field("First day to bill")
    last_day = DayField(label="Last day to bill", required=False, help_text=f"{LAST_DAY_HELP} Empty: no end set.")
    comment = Text(
        label="Comment",
        required=False,
        max_length=LONGEST_COMMENT,
        help_text="Public, such as: Code Reverified.",
    )


class RenameProductForm(ListingActForm):
    name = name_field("New name of the product")
    since = day_field("Called so since", help_text="The former name stays findable, until the day before.")
    source = source_field()


class CorrectProductForm(ListingActForm):
    name = name_field("Name of the product")
    classification = Text(label="Classification", max_length=120, required=False)


class CorrectModelForm(ListingActForm):
    model_number = Text(
        label="Model number", max_length=120, required=False, help_text="Empty: no model number is stated."
    )
