"""OAuth scopes, which are the permissions of `data/access/roles.toml` that a program may be given."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from banshi.access import Permission, Through, permission_label, scope_permissions, through


def scopes_of_systems() -> list[Permission]:
    """List what a system may be given: what a post gives."""
    return [each for each in scope_permissions() if Through.POST in through(each)]


def scopes_of_apps() -> list[Permission]:
    """List what a person may lend an app: what is given by being the applicant, not by a post."""
    return [each for each in scope_permissions() if {Through.APPLICANT, Through.AGENT} & set(through(each))]


class PermissionScopes(BaseScopes):
    """Scopes as the library asks for them."""

    def get_all_scopes(self) -> dict[str, str]:
        return {str(each): permission_label(each) for each in scope_permissions()}

    def get_available_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return list(self.get_all_scopes()) if application is None else list(application.permissions)

    def get_default_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return [] if application is None else list(application.permissions)
