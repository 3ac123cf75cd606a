"""Reference data for administrators: who the contractor's people are, and what they may do."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import RoleAssignment, User

admin.site.unregister(Group)
admin.site.site_header = "PCL Registry: reference data"
admin.site.site_title = "PCL Registry"
admin.site.index_title = "People and roles"


class RoleAssignmentInline(admin.TabularInline):
    """To look at: roles are granted and revoked at /review/people/, with a reason and a mail to the person."""

    model = RoleAssignment
    fk_name = "user"
    extra = 0
    fields = ["role", "granted_at", "granted_by", "revoked_at"]
    readonly_fields = ["role", "granted_at", "granted_by", "revoked_at"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    search_fields = ["email", "name"]
    list_filter = ["is_active", "is_staff", "role_assignments__role"]
    fields = ["email", "name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"]
    # An account is closed at /review/people/, where its open reviews are seen.
    readonly_fields = ["is_active", "is_staff", "is_superuser", "date_joined", "last_login"]
    inlines = [RoleAssignmentInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # People sign up themselves, so that nobody else ever knows their password.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
