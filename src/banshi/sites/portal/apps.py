from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "banshi.sites.portal"
    label = "sites_portal"

    def ready(self) -> None:
        from banshi.catalog.signals import catalogue_changed
        from banshi.sites.portal.items.version_cache import move_stamp

        catalogue_changed.connect(move_stamp, dispatch_uid="portal.move_stamp")
