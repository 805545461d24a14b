from django.urls import URLPattern, path

from banshi.sites.workbench.registers import powers, transition_views, views
from banshi.sites.workbench.registers.kinds import REGISTERS
from banshi.sites.workbench.registers.register import Register


def _of(register: Register) -> list[URLPattern]:
    code, more = register.code, {"register": register}
    return [
        path(f"{code}/", views.listing, more, name=code),
        path(f"{code}/new/", views.new, more, name=f"{code}-new"),
        path(f"{code}/export.xlsx", views.export, more, name=f"{code}-export"),
        path(f"{code}/<int:pk>/", views.entry, more, name=f"{code}-entry"),
        path(f"{code}/<int:pk>/edit/", views.edit, more, name=f"{code}-edit"),
        path(f"{code}/<int:pk>/remove/", views.remove, more, name=f"{code}-remove"),
    ]


urlpatterns = [
    *(each for register in REGISTERS for each in _of(register)),
    path("powers/back/", powers.back, name="powers-back"),
    path("powers/import/", powers.upload, name="powers-import"),
    path("powers/import/blank.xlsx", powers.template, name="powers-blank"),
    path("powers/import/<uuid:guid>/", powers.preview, name="powers-import-file"),
    path("powers/<int:pk>/cancel/", transition_views.cancel_power, name="power-cancel"),
    path("intermediaries/<int:pk>/end/", transition_views.end_service, name="intermediary-end"),
    path("agencies/<int:pk>/offer/", transition_views.offer, name="agency-offer"),
    path("agencies/<int:pk>/offers/<int:offer>/end/", transition_views.end_offer, name="agency-offer-end"),
    path("agencies/<int:pk>/strike/", transition_views.strike_agency, name="agency-strike"),
    path("transfers/<int:pk>/examine/", transition_views.examine, name="transfer-examine"),
    path("transfers/<int:pk>/hand-over/", transition_views.hand_over, name="transfer-hand-over"),
    path("transfers/<int:pk>/take-back/", transition_views.take_back, name="transfer-take-back"),
    path("transfers/<int:pk>/withdraw/", transition_views.withdraw, name="transfer-withdraw"),
]
