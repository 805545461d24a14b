from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "banshi.sites.portal"
    label = "sites_portal"

    def ready(self) -> None:
        from banshi.catalog.signals import catalogue_changed
        from banshi.fees.gateway import register_gateway
        from banshi.sites.portal.following.demo_cashier import cashier_of_demonstrations
        from banshi.sites.portal.items.version_cache import move_stamp

        register_gateway(cashier_of_demonstrations)
        catalogue_changed.connect(move_stamp, dispatch_uid="portal.move_stamp")
