from django.urls import path

from banshi.sites.portal.items import files, guide, papers, versions

urlpatterns = [
    path("items/<uuid:guid>/", guide.show_guide, name="item"),
    path("items/<uuid:guid>/seen", guide.note_view, name="seen"),
    path("items/<uuid:guid>/print", guide.show_print, name="print"),
    path("items/<uuid:guid>/notice", papers.show_notice, name="notice-sheet"),
    path("items/<uuid:guid>/notice.pdf", papers.send_notice, name="notice-pdf"),
    path("items/<uuid:guid>/guide.pdf", papers.send_guide_pdf, name="guide-pdf"),
    path("items/<uuid:guid>/guide.docx", papers.send_guide_docx, name="guide-docx"),
    path("items/<uuid:guid>/qr.svg", papers.send_qr, name="qr"),
    path("items/<uuid:guid>/versions/", versions.list_versions, name="versions"),
    path("items/<uuid:guid>/versions/<int:number>/", versions.show_version, name="version"),
    path("items/<uuid:guid>/compare", versions.compare, name="compare"),
    path("books/category/<slug:code>.pdf", papers.send_category_book, name="category-book"),
    path("books/organ/<int:number>.pdf", papers.send_organ_book, name="organ-book"),
    path("files/<uuid:guid>/", files.send_file, name="file"),
]
