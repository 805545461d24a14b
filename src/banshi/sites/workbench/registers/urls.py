from django.urls import URLPattern, path

from banshi.sites.workbench.registers import offers, powers, views
from banshi.sites.workbench.registers.kinds import REGISTERS
from banshi.sites.workbench.registers.register import Register


def _of(register: Register) -> list[URLPattern]:
    code, more = register.code, {"register": register}
    steps = [
        path(f"{code}/<int:pk>/{each.path}/", views.transition, {**more, "step": each}, name=each.url_name)
        for each in register.transitions
    ]
    return [
        path(f"{code}/", views.listing, more, name=code),
        path(f"{code}/new/", views.new, more, name=f"{code}-new"),
        path(f"{code}/export.xlsx", views.export, more, name=f"{code}-export"),
        path(f"{code}/<int:pk>/", views.entry, more, name=f"{code}-entry"),
        path(f"{code}/<int:pk>/edit/", views.edit, more, name=f"{code}-edit"),
        path(f"{code}/<int:pk>/remove/", views.remove, more, name=f"{code}-remove"),
        *steps,
    ]


urlpatterns = [
    *(each for register in REGISTERS for each in _of(register)),
    path("powers/back/", powers.back, name="powers-back"),
    path("powers/import/", powers.upload, name="powers-import"),
    path("powers/import/blank.xlsx", powers.template, name="powers-blank"),
    path("powers/import/<uuid:guid>/", powers.preview, name="powers-import-file"),
    path("agencies/<int:pk>/offers/<int:offer>/end/", offers.end_offer, name="agency-offer-end"),
]
