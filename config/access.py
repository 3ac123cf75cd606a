"""Who may open which page: one map, checked before every view.

A view that is not named here is refused, also to those who could have opened it, so that a forgotten line is noticed.
What belongs to one organization is checked again where it is fetched: somebody else's is 404 (verification/queries).
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Role
from accounts.queries.second_factor import has_second_factor
from config.expired_sign_in import remember_who_writes, to_sign_in
from config.step_up import asks_who_it_is, to_confirmation


class Access(Enum):
    PUBLIC = auto()
    SIGNED_IN = auto()
    APPLICANT = auto()
    """Anybody signed in who is not one of the contractor's people."""
    CONTRACTOR = auto()
    """Reviewers, approvers, registrars, administrators and auditors."""
    REVIEWER = auto()
    APPROVER = auto()
    REVIEWER_OR_APPROVER = auto()
    APPROVER_OR_ADMINISTRATOR = auto()
    REVIEW_STAFF = auto()
    """Reviewers, approvers and administrators: whoever may do something with an application."""
    REGISTRAR = auto()
    ADMINISTRATOR = auto()
    REFERENCE_DATA = auto()
    """Administrators only: its pages make no difference between looking and changing."""
    REGISTRAR_OR_ADMINISTRATOR = auto()
    DEMO = auto()
    """Public, and there only in demo mode."""


SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Who may open a page and change what it changes.
ROLES_OF = {
    Access.CONTRACTOR: frozenset(Role.values),
    Access.REVIEWER: frozenset({Role.REVIEWER}),
    Access.APPROVER: frozenset({Role.APPROVER}),
    Access.REVIEWER_OR_APPROVER: frozenset({Role.REVIEWER, Role.APPROVER}),
    Access.APPROVER_OR_ADMINISTRATOR: frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
    Access.REVIEW_STAFF: frozenset({Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR}),
    Access.REGISTRAR: frozenset({Role.REGISTRAR}),
    Access.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
    Access.REFERENCE_DATA: frozenset({Role.ADMINISTRATOR}),
    Access.REGISTRAR_OR_ADMINISTRATOR: frozenset({Role.REGISTRAR, Role.ADMINISTRATOR}),
}
# What the read-only auditor sees: all of the console. Looked at only; see `is_allowed`.
SEEN_BY_AUDITORS = frozenset(ROLES_OF) - {Access.REFERENCE_DATA}

# By view name, or by namespace where all of its views are alike.
ACCESS: dict[str, Access] = {
    # whole namespaces
    "admin:": Access.REFERENCE_DATA,
    "api:": Access.PUBLIC,
    "fhir:": Access.PUBLIC,
    "fhir_r4:": Access.PUBLIC,
    "process:": Access.PUBLIC,
    "public:": Access.PUBLIC,
    "criteria:": Access.PUBLIC,
    # pages of accounts, from django-allauth
    "account_login": Access.PUBLIC,
    "account_logout": Access.PUBLIC,
    "account_signup": Access.PUBLIC,
    "account_inactive": Access.PUBLIC,
    "account_confirm_email": Access.PUBLIC,
    "account_email_verification_sent": Access.PUBLIC,
    "account_reset_password": Access.PUBLIC,
    "account_reset_password_done": Access.PUBLIC,
    "account_reset_password_from_key": Access.PUBLIC,
    "account_reset_password_from_key_done": Access.PUBLIC,
    "account_change_password": Access.SIGNED_IN,
    "account_set_password": Access.SIGNED_IN,
    "account_email": Access.SIGNED_IN,
    "account_reauthenticate": Access.SIGNED_IN,
    "mfa_authenticate": Access.PUBLIC,
    "account_confirm_login_code": Access.PUBLIC,
    "mfa_reauthenticate": Access.SIGNED_IN,
    "mfa_index": Access.SIGNED_IN,
    "mfa_activate_totp": Access.SIGNED_IN,
    "mfa_deactivate_totp": Access.SIGNED_IN,
    "mfa_generate_recovery_codes": Access.SIGNED_IN,
    "mfa_view_recovery_codes": Access.SIGNED_IN,
    "mfa_download_recovery_codes": Access.SIGNED_IN,
    "mfa_list_webauthn": Access.SIGNED_IN,
    "mfa_add_webauthn": Access.SIGNED_IN,
    "mfa_reauthenticate_webauthn": Access.SIGNED_IN,
    "mfa_remove_webauthn": Access.SIGNED_IN,
    "mfa_edit_webauthn": Access.SIGNED_IN,
    # our own
    "accounts:home": Access.SIGNED_IN,
    "accounts:api_keys": Access.SIGNED_IN,
    "accounts:revoke_api_key": Access.SIGNED_IN,
    "accounts:invitation": Access.PUBLIC,
    "accounts:second_factor": Access.SIGNED_IN,
    "accounts:second_factors": Access.ADMINISTRATOR,
    "accounts:reset_second_factor": Access.ADMINISTRATOR,
    "accounts:typed_text": Access.SIGNED_IN,
    "accounts:typed_fields": Access.SIGNED_IN,
    "accounts:demo_mailbox": Access.DEMO,
    "accounts:demo_mail": Access.DEMO,
    # the applicant's door
    "apply:home": Access.APPLICANT,
    "apply:organization": Access.APPLICANT,
    "apply:mails": Access.APPLICANT,
    "apply:start": Access.APPLICANT,
    "apply:invitation": Access.PUBLIC,
    "apply:accept_invitation": Access.APPLICANT,
    "apply:people": Access.APPLICANT,
    "apply:invite": Access.APPLICANT,
    "apply:person": Access.APPLICANT,
    "apply:answer_request": Access.APPLICANT,
    "apply:pending_invitation": Access.APPLICANT,
    "apply:authorizations": Access.APPLICANT,
    "apply:authorize": Access.APPLICANT,
    "apply:answer_authorization": Access.APPLICANT,
    "apply:end_authorization": Access.APPLICANT,
    "apply:authorization_document": Access.APPLICANT,
    "apply:application": Access.APPLICANT,
    "apply:section": Access.APPLICANT,
    "apply:remove_document": Access.APPLICANT,
    "apply:restore_document": Access.APPLICANT,
    "apply:attach": Access.APPLICANT,
    "apply:document": Access.APPLICANT,
    "apply:document_view": Access.APPLICANT,
    "apply:document_frame": Access.APPLICANT,
    "apply:submit": Access.APPLICANT,
    "apply:withdraw": Access.APPLICANT,
    "apply:discard": Access.APPLICANT,
    "apply:put_back": Access.APPLICANT,
    "apply:respond": Access.APPLICANT,
    "apply:reconsider": Access.APPLICANT,
    "apply:anothers_determination": Access.APPLICANT,
    "apply:copy": Access.APPLICANT,
    "apply:listings": Access.APPLICANT,
    "apply:listings_csv": Access.APPLICANT,
    "apply:change": Access.APPLICANT,
    "apply:begin_change": Access.APPLICANT,
    "apply:choose_listing": Access.APPLICANT,
    "apply:name_change": Access.APPLICANT,
    "apply:submission": Access.APPLICANT,
    "apply:letter": Access.APPLICANT,
    "apply:letter_file": Access.APPLICANT,
    "apply:message": Access.APPLICANT,
    "apply:sample_label": Access.APPLICANT,
    # the reviewers' door
    "review:queue": Access.CONTRACTOR,
    "review:queue_csv": Access.CONTRACTOR,
    "review:application": Access.CONTRACTOR,
    "review:publishing_progress": Access.CONTRACTOR,
    "review:document": Access.CONTRACTOR,
    "review:document_view": Access.CONTRACTOR,
    "review:document_frame": Access.CONTRACTOR,
    "review:submission": Access.CONTRACTOR,
    "review:letter": Access.CONTRACTOR,
    "review:letter_preview": Access.REVIEWER_OR_APPROVER,
    "review:checklist": Access.REVIEWER,
    "review:waiting": Access.CONTRACTOR,
    "review:waiting_day": Access.REVIEWER_OR_APPROVER,
    "review:move_waiting": Access.APPROVER,
    "review:determined": Access.CONTRACTOR,
    "review:letter_file": Access.CONTRACTOR,
    "review:correct_letter": Access.REVIEWER_OR_APPROVER,
    "review:letter_correction": Access.REVIEWER_OR_APPROVER,
    "review:determination": Access.REVIEWER,
    "review:remark": Access.REVIEWER_OR_APPROVER,
    "review:message": Access.REVIEWER_OR_APPROVER,
    "review:no_answer": Access.REVIEWER_OR_APPROVER,
    "review:new_messages": Access.REVIEW_STAFF,
    "review:saved_replies": Access.CONTRACTOR,
    "review:saved_reply": Access.APPROVER_OR_ADMINISTRATOR,
    "review:saved_reply_new": Access.APPROVER_OR_ADMINISTRATOR,
    "review:saved_reply_retire": Access.APPROVER_OR_ADMINISTRATOR,
    "review:samples": Access.CONTRACTOR,
    "review:samples_of": Access.CONTRACTOR,
    "review:presence": Access.REVIEWER_OR_APPROVER,
    "review:expect_sample": Access.REVIEWER_OR_APPROVER,
    "review:sample": Access.REVIEWER_OR_APPROVER,
    "review:related": Access.CONTRACTOR,
    "review:around": Access.CONTRACTOR,
    "review:history": Access.CONTRACTOR,
    "review:since_earlier": Access.CONTRACTOR,
    "review:stored_files": Access.REGISTRAR_OR_ADMINISTRATOR,
    "review:act": Access.REVIEW_STAFF,
    "review:assignment": Access.REVIEW_STAFF,
    "review:product_groups": Access.REGISTRAR,
    "review:product_group": Access.REGISTRAR,
    "review:representations": Access.REGISTRAR,
    "review:answer_representation": Access.REGISTRAR,
    "review:configuration": Access.CONTRACTOR,
    "review:reports": Access.CONTRACTOR,
    "review:report_csv": Access.CONTRACTOR,
    "review:people": Access.ADMINISTRATOR,
    "review:person": Access.ADMINISTRATOR,
    "review:person_invite": Access.ADMINISTRATOR,
    "review:person_invitation_withdraw": Access.ADMINISTRATOR,
    "review:access": Access.ADMINISTRATOR,
    "review:access_csv": Access.ADMINISTRATOR,
    "review:log": Access.ADMINISTRATOR,
    "review:log_csv": Access.ADMINISTRATOR,
    "review:log_ndjson": Access.ADMINISTRATOR,
    "review:authorizations": Access.REGISTRAR,
    "review:answer_authorization": Access.REGISTRAR,
    "review:authorization_document": Access.CONTRACTOR,
    "clinical_tables": Access.PUBLIC,
    "api_elsewhere": Access.PUBLIC,
    # the registrar's
    "registrar:home": Access.REGISTRAR,
    "registrar:bulk_files": Access.REGISTRAR,
    "registrar:discrepancies": Access.REGISTRAR,
    "registrar:discrepancy": Access.REGISTRAR,
    "registrar:releases": Access.REGISTRAR,
    "registrar:campaigns": Access.REGISTRAR,
    "registrar:campaign_new": Access.REGISTRAR,
    "registrar:campaign": Access.REGISTRAR,
    "registrar:campaign_edit": Access.REGISTRAR,
    "registrar:campaign_progress": Access.REGISTRAR,
    "registrar:campaign_choose": Access.REGISTRAR,
    "registrar:campaign_discard": Access.REGISTRAR,
    "registrar:campaign_act": Access.REGISTRAR,
    "registrar:list_imports": Access.REGISTRAR,
    "registrar:list_import_new": Access.REGISTRAR,
    "registrar:list_template": Access.REGISTRAR,
    "registrar:list_import": Access.REGISTRAR,
    "registrar:list_import_progress": Access.REGISTRAR,
    "registrar:list_import_decide": Access.REGISTRAR,
    "registrar:list_import_confirm": Access.REGISTRAR,
    "registrar:list_import_discard": Access.REGISTRAR,
    "registrar:list_import_report": Access.REGISTRAR,
    "registrar:load": Access.REGISTRAR,
    "registrar:release_import": Access.REGISTRAR,
    "registrar:progress": Access.REGISTRAR,
    "registrar:confirm": Access.REGISTRAR,
    "registrar:read_as": Access.REGISTRAR,
    "registrar:discard": Access.REGISTRAR,
    "registrar:report_csv": Access.REGISTRAR,
    "registrar:publications": Access.REGISTRAR,
    "registrar:publication_new": Access.REGISTRAR,
    "registrar:publication_edit": Access.REGISTRAR,
    "registrar:publication_draft": Access.REGISTRAR,
    "registrar:publication_draft_delete": Access.REGISTRAR,
    "registrar:requirements": Access.REGISTRAR,
    "registrar:requirement_new": Access.REGISTRAR,
    "registrar:requirement_edit": Access.REGISTRAR,
    "registrar:requirements_import": Access.REGISTRAR,
    "registrar:requirement_list": Access.REGISTRAR,
    "registrar:requirement_list_enter": Access.REGISTRAR,
    "registrar:listings": Access.REGISTRAR,
    "registrar:listing_new": Access.REGISTRAR,
    "registrar:listing": Access.REGISTRAR,
    "registrar:act_on_listing": Access.REGISTRAR,
    "registrar:organizations": Access.REGISTRAR,
    "registrar:organization_new": Access.REGISTRAR,
    "registrar:organization": Access.REGISTRAR,
    "registrar:organization_rename": Access.REGISTRAR,
    "registrar:organization_merge": Access.REGISTRAR,
    "registrar:renaming": Access.REGISTRAR,
    "registrar:renaming_progress": Access.REGISTRAR,
    "registrar:crosswalks": Access.REGISTRAR,
    "registrar:crosswalk_new": Access.REGISTRAR,
    "registrar:crosswalk": Access.REGISTRAR,
    "registrar:crosswalk_choose": Access.REGISTRAR,
    "registrar:crosswalk_apply": Access.REGISTRAR,
    "registrar:crosswalk_discard": Access.REGISTRAR,
    "registrar:crosswalk_progress": Access.REGISTRAR,
    "healthz": Access.PUBLIC,
    "readyz": Access.PUBLIC,
}


def access_of(view_name: str) -> Access:
    """The map's entry for a view, most exact first. Raises ImproperlyConfigured for a view that is not in it."""
    if view_name in ACCESS:
        return ACCESS[view_name]
    namespace = view_name.split(":", maxsplit=1)[0] + ":"
    if namespace in ACCESS:
        return ACCESS[namespace]
    raise ImproperlyConfigured(f"The view {view_name!r} is not in the permission map (config/access.py).")


def is_allowed(access: Access, roles: frozenset[str], method: str) -> bool:
    """Whether somebody signed in who holds `roles` may send `method` to a page of this kind.

    Who is an auditor changes nothing at the contractor's and the applicants' doors, whatever other role they hold.
    """
    if access is Access.SIGNED_IN:
        return True
    if access is Access.APPLICANT:
        return not roles
    if Role.AUDITOR in roles:
        return access in SEEN_BY_AUDITORS and method in SAFE_METHODS
    return not roles.isdisjoint(ROLES_OF[access])


# What the contractor's people reach without a second factor, where one is required: setting it up, and signing out.
WITHOUT_SECOND_FACTOR = frozenset({"accounts:second_factor", "account_reauthenticate", "account_change_password"})


def lacks_second_factor(request: HttpRequest, view_name: str) -> bool:
    """Whether the person has to set up a second factor before anything else."""
    if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated or not request.user.roles:
        return False
    if view_name in WITHOUT_SECOND_FACTOR or view_name.startswith("mfa_"):
        return False
    return not has_second_factor(request.user)


def check_access(request: HttpRequest, access: Access, view_name: str = "") -> HttpResponse | None:
    """None when the person may go on; otherwise the way to the sign-in, or to the page that sets up a second factor.

    Raises PermissionDenied or Http404.
    """
    if access is Access.DEMO and not settings.DEMO:
        raise Http404
    if access in {Access.PUBLIC, Access.DEMO}:
        return None
    if not request.user.is_authenticated:
        return to_sign_in(request)
    if lacks_second_factor(request, view_name):
        return redirect(f"{reverse('accounts:second_factor')}?{urlencode({'next': request.get_full_path()})}")
    if not is_allowed(access, request.user.roles, request.method or ""):
        raise PermissionDenied(_why(access, request.user.roles))
    return None


def _why(access: Access, roles: frozenset[str]) -> str:
    """What the page of the refusal says; empty where there is no more to say than that."""
    if access is Access.APPLICANT:
        return "You work for the contractor, so you cannot act for an applicant. Use another account for that."
    if Role.AUDITOR in roles:
        return "Auditors look at everything in the review console and change nothing."
    return ""


class AccessMiddleware:
    """After the one that checks the token of forms: what reaches `to_sign_in` was sent from a page of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and access_of(match.view_name) not in {Access.PUBLIC, Access.DEMO}:
            # After signing out, the browser's Back shows nothing of it any more.
            response["Cache-Control"] = "private, no-store"
            remember_who_writes(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        return check_access(request, access_of(name), name) or (
            to_confirmation(request) if asks_who_it_is(request, name, kwargs) else None
        )
