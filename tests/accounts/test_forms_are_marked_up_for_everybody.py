"""What screen readers hear of a form: labels, hints, errors, groups."""

import re

import pytest
from django import forms


class EveryKind(forms.Form):
    product = forms.CharField(help_text="As printed on the label.")
    contact = forms.EmailField(required=False)
    day = forms.DateField()
    units = forms.IntegerField()
    kind = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("a", "First"), ("b", "Again")], help_text="One of two."
    )
    groups = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, choices=[("k", "Knee"), ("b", "Back")])
    code = forms.ChoiceField(choices=[("K1007", "K1007")])
    reason = forms.CharField(widget=forms.Textarea)
    evidence = forms.FileField()
    sure = forms.BooleanField(label="It is true", help_text="Under penalty.")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def page() -> str:
    return str(EveryKind({}, files={}))


def tag_of(page: str, identifier: str) -> str:
    return re.search(rf'<[^<>]*\bid="{identifier}"[^<>]*>', page)[0]


def test_every_label_names_a_control_and_every_control_has_one(page: str) -> None:
    named = re.findall(r'<label[^>]*for="([^"]+)"', page)
    controls = re.findall(r'<(?:input|select|textarea)\b(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
    assert sorted(named) == sorted(controls)


def test_no_identifier_is_used_twice(page: str) -> None:
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert sorted(identifiers) == sorted(set(identifiers))


def test_what_describes_a_control_is_on_the_page(page: str) -> None:
    described = [name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()]
    assert "id_product_helptext" in described
    assert "id_kind_error" in described
    assert set(described) <= set(re.findall(r'\bid="([^"]+)"', page))


def test_a_wrong_field_says_so_to_everybody(page: str) -> None:
    assert 'aria-invalid="true"' in tag_of(page, "id_product")
    assert 'aria-invalid="true"' not in tag_of(page, "id_contact")


@pytest.mark.parametrize("group", ["kind", "groups"])
def test_choices_stand_in_a_group_with_a_legend(page: str, group: str) -> None:
    label = EveryKind()[group].label
    assert re.search(rf"<fieldset[^>]*>\s*<legend[^>]*>\s*{label}", page)


def test_the_summary_links_each_error_to_a_control(page: str) -> None:
    summary = re.search(r'<div class="usa-alert usa-alert--error.*?</ul>', page, re.DOTALL)[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == len(EveryKind({}, files={}).errors) == 9
    for target in targets:
        assert re.match(r"<(?:input|select|textarea)", tag_of(page, target))


def test_only_required_fields_are_marked() -> None:
    page = str(EveryKind())
    assert page.count('class="register-required"') == sum(field.required for field in EveryKind.base_fields.values())


def test_a_form_without_errors_has_no_summary() -> None:
    assert "usa-alert" not in str(EveryKind())


def test_classes_of_a_widget_are_kept() -> None:
    class Coded(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "register-input--code", "maxlength": 5}))

    tag = tag_of(str(Coded()), "id_code")
    assert 'class="usa-input register-input--code"' in tag
    assert tag.count("class=") == 1


def test_the_errors_of_a_formset_name_their_row() -> None:
    rows = forms.formset_factory(EveryKind, extra=0)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-hidden": "", "form-1-hidden": ""}
    page = str(rows(data, files={}))
    assert page.count("register-error-summary") == 1
    assert "Row 2, Product: This field is required." in page
