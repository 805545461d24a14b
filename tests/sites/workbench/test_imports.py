"""From a department's file to items, as the clerk who does it and as others who may not."""

import re
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.adjustments.town import direct, policy_with
from tests.factories import post
from tests.sites.workbench.conftest import People
from tests.spreadsheets.sheets import workbook

from banshi.catalog.models import Item
from banshi.files import open_file
from banshi.rulebook.models import ExaminedRevision
from banshi.spreadsheets.models import ImportBatch

HEAD = "事项名称,实施主体,承诺时限,备注\n"


def upload(client, text: str, name: str = "事项.csv"):  # type: ignore[no-untyped-def]
    file = SimpleUploadedFile(name, text.encode())
    return client.post("/work/import/", {"file": file}, follow=True)


def test_a_clerk_uploads_looks_and_imports(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    page = upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n转学办理,示例县教育局,按规定,\n")
    assert "导入 2 项" in page.text
    assert "按规定" in page.text
    assert not Item.objects.exists()
    batch = ImportBatch.objects.get()
    page = client.post(f"/work/import/{batch.pk}/apply/", follow=True)
    assert "已导入" in page.text
    assert set(Item.objects.values_list("name", flat=True)) == {"入学登记", "转学办理"}


def test_rows_of_another_organ_are_errors(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    page = upload(client, HEAD + "入学登记,邻县教育局,5个工作日,\n")
    assert "不是您能导入的单位" in page.text
    batch = ImportBatch.objects.get()
    answer = client.post(f"/work/import/{batch.pk}/apply/")
    assert answer.status_code == 422
    assert not Item.objects.exists()


def test_a_row_without_owner_is_the_clerks_own(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    page = upload(signed_in(people.clerk), "事项名称,承诺时限\n入学登记,5个工作日\n")
    assert "导入 1 项" in page.text


def test_a_wrong_column_is_corrected(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, "事项名称,实施主体,干什么用\n入学登记,示例县教育局,让孩子上学\n")
    batch = ImportBatch.objects.get()
    page = client.post(f"/work/import/{batch.pk}/mapping/", {"t0-rows": "1", "t0-C": "summary"}, follow=True)
    assert "人工指定" in page.text
    client.post(f"/work/import/{batch.pk}/apply/")
    assert Item.objects.get().revisions.get().guide.summary == "让孩子上学"


def cells_to_correct(page) -> list[dict[str, str]]:  # type: ignore[no-untyped-def]
    """The cells a page lets one correct, as their form sends them."""
    found = re.findall(r'name="(sheet|places|old)" value="([^"]*)"', page.text)
    names = [dict(found[n : n + 3]) for n in range(0, len(found), 3)]
    return [{name: unescape(value) for name, value in each.items()} for each in names]


def test_cells_are_corrected_in_the_site_and_the_file_stays(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    text = HEAD + "入学登记,邻县教育局,尽量快,\n转学办理,邻县教育局,5个工作日,\n,示例县教育局,3个工作日,\n"
    page = upload(client, text)
    batch = ImportBatch.objects.get()
    new = {"邻县教育局": "示例县教育局", "尽量快": "5个工作日", "": "休学办理"}
    told = cells_to_correct(page)
    assert {each["old"] for each in told} == set(new)
    sent = {name: [each[name] for each in told] for name in ("sheet", "places", "old")}
    address = f"/work/import/{batch.pk}/cells/"
    page = client.post(address, {**sent, "new": [new[each["old"]] for each in told]}, follow=True)
    assert "导入 3 项" in page.text
    assert "在这里改过的 3 处" in page.text
    assert "邻县教育局 →" in re.sub(r"\s+", " ", page.text)
    client.post(f"/work/import/{batch.pk}/apply/")
    assert set(Item.objects.values_list("name", "organ")) == {
        (name, people.bureau.pk) for name in ("入学登记", "转学办理", "休学办理")
    }
    with open_file(ImportBatch.objects.get().file) as file:
        assert file.read().decode() == text


def test_a_correction_is_taken_back_and_outlives_that_of_columns(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD + "入学登记,邻县教育局,5个工作日,\n")
    batch = ImportBatch.objects.get()
    name = batch.mapping["tables"][0]["sheet"]
    one = {"sheet": name, "places": "B", "old": "邻县教育局", "new": "示例县教育局"}
    client.post(f"/work/import/{batch.pk}/cells/", one)
    page = client.post(f"/work/import/{batch.pk}/mapping/", {"t0-rows": "1"}, follow=True)
    assert "导入 1 项" in page.text
    page = client.post(f"/work/import/{batch.pk}/cells/", {}, follow=True)  # nothing kept
    assert "不是您能导入的单位" in page.text


@pytest.mark.parametrize("places", ["../x", "B0", "ZZZ9999999", "", "B2、B3", "b2"])
def test_odd_places_change_nothing(people: People, signed_in, places: str) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD + "入学登记,邻县教育局,5个工作日,\n")
    batch = ImportBatch.objects.get()
    sent = {"sheet": batch.mapping["tables"][0]["sheet"], "places": places, "old": "不是这个", "new": "示例县教育局"}
    page = client.post(f"/work/import/{batch.pk}/cells/", sent, follow=True)
    assert "不是您能导入的单位" in page.text


def test_a_column_named_twice_is_said_and_what_was_chosen_is_kept(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, "事项名称,实施主体,干什么用,别的\n入学登记,示例县教育局,让孩子上学,甲\n")
    batch = ImportBatch.objects.get()
    page = client.post(f"/work/import/{batch.pk}/mapping/", {"t0-C": "name", "t0-D": "summary"})
    assert page.status_code == 422
    assert "两列都指定为同一个要素" in page.text
    assert re.search('name="t0-D">.*?value="summary" selected', page.text, re.DOTALL)
    page = client.post(f"/work/import/{batch.pk}/mapping/", {"t0-C": "", "t0-D": "summary"}, follow=True)
    assert "导入 1 项" in page.text


def test_items_without_a_name_column_are_refused_before_reading_again(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, "事项名称,实施主体\n入学登记,示例县教育局\n")
    page = client.post(f"/work/import/{ImportBatch.objects.get().pk}/mapping/", {"t0-A": "summary"})
    assert "没有哪一列读作“事项名称”" in page.text


def test_a_table_nobody_recognises_is_pointed_at(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    page = upload(client, "各科室上报汇总\n项,处,备注\n入学登记,示例县教育局,甲\n转学办理,示例县教育局,乙\n")
    assert "没有找到事项表格" in page.text
    assert "各科室上报汇总" in page.text
    batch = ImportBatch.objects.get()
    page = client.post(f"/work/import/{batch.pk}/mapping/", {"u0-rows": "2", "u0-name": "A"}, follow=True)
    assert "人工指定" in page.text
    page = client.post(f"/work/import/{batch.pk}/mapping/", {"t0-B": "organ"}, follow=True)
    assert "导入 2 项" in page.text


def test_a_sheet_nobody_recognises_is_shown_beside_the_others(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    sheets = {
        "甲": [["事项名称", "实施主体"], ["入学登记", "示例县教育局"]],
        "乙": [["项", "处"], ["转学办理", "示例县教育局"]],
    }
    client = signed_in(people.clerk)
    client.post("/work/import/", {"file": SimpleUploadedFile("事项.xlsx", workbook(sheets))})
    address = f"/work/import/{ImportBatch.objects.get().pk}/"
    assert "没有读：认不出表头，2 行" in client.get(address).text
    page = client.post(f"{address}mapping/", {"u0-rows": "1", "u0-name": "A"}, follow=True)
    assert "导入 2 项" in page.text


def test_a_table_left_out_stays_out_until_it_is_taken_in_again(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    sheets = {name: [["事项名称", "实施主体"], [f"事项{name}", "示例县教育局"]] for name in ("甲", "乙")}
    client = signed_in(people.clerk)
    client.post("/work/import/", {"file": SimpleUploadedFile("事项.xlsx", workbook(sheets))})
    address = f"/work/import/{ImportBatch.objects.get().pk}/mapping/"
    assert "导入 1 项" in client.post(address, {"t1-role": "skip"}, follow=True).text
    assert "导入 1 项" in client.post(address, {"t0-B": "organ"}, follow=True).text
    assert "导入 2 项" in client.post(address, {"t1-role": "items"}, follow=True).text


def test_an_unreadable_file_says_what_to_do(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    page = upload(signed_in(people.clerk), "%PDF-1.7 …", name="目录.xlsx")
    assert "PDF" in page.text
    assert not Item.objects.exists()


def test_the_marked_workbook_comes_back(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD + "入学登记,示例县教育局,看情况,\n")
    answer = client.get(f"/work/import/{ImportBatch.objects.get().pk}/marked.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames[0] == "问题清单"
    assert "读不出" in book.worksheets[1]["C2"].comment.text


def test_nothing_is_imported_twice(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n")
    batch = ImportBatch.objects.get()
    client.post(f"/work/import/{batch.pk}/apply/")
    assert client.post(f"/work/import/{batch.pk}/apply/").status_code == 409
    assert Item.objects.count() == 1


def test_a_dropped_file_stays_dropped(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n")
    batch = ImportBatch.objects.get()
    client.post(f"/work/import/{batch.pk}/drop/")
    assert client.post(f"/work/import/{batch.pk}/apply/").status_code == 409
    assert "已放弃" in client.get("/work/import/").text


@pytest.mark.parametrize("address", ["", "marked.xlsx", "progress/"])
def test_others_imports_are_not_there(people: People, signed_in, address: str) -> None:  # type: ignore[no-untyped-def]
    upload(signed_in(people.clerk), HEAD + "入学登记,示例县教育局,5个工作日,\n")
    place = f"/work/import/{ImportBatch.objects.get().pk}/{address}"
    assert signed_in(people.colleague).get(place).status_code == 404
    assert signed_in(people.stranger).get(place).status_code == 404


def test_who_may_not_import_is_refused(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    from tests.factories import user

    window = user("window", people.bureau)
    assert signed_in(window).get("/work/import/").status_code == 403


def test_only_who_manages_organs_may_create_them(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD + "入学登记,示例县新办,5个工作日,\n")
    batch = ImportBatch.objects.get()
    page = client.post(f"/work/import/{batch.pk}/mapping/", {"create_organs": "1"}, follow=True)
    assert "没有登记过单位" in page.text
    post(people.clerk, "admin", people.bureau)
    page = client.post(f"/work/import/{batch.pk}/mapping/", {"create_organs": "1"}, follow=True)
    assert "将新建的 1 个单位" in page.text


@pytest.mark.usefixtures("moving_in")
def test_a_publisher_imports_and_publishes_at_once(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.publisher)
    upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n")
    client.post(f"/work/import/{ImportBatch.objects.get().pk}/apply/", {"publish": "1"})
    assert Item.objects.get().listing.name == "入学登记"


def test_importing_does_not_go_round_the_policy(people: People, signed_in, tmp_path, settings) -> None:  # type: ignore[no-untyped-def]
    policy_with(tmp_path, settings, direct=direct("minor"))
    client = signed_in(people.publisher)
    page = upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n")
    assert "导入后马上公布" not in page.text
    answer = client.post(f"/work/import/{ImportBatch.objects.get().pk}/apply/", {"publish": "1"})
    assert answer.status_code == 403
    assert not Item.objects.exists()


def test_a_clerk_may_not_publish_by_importing(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n")
    answer = client.post(f"/work/import/{ImportBatch.objects.get().pk}/apply/", {"publish": "1"})
    assert answer.status_code == 403
    assert not Item.objects.exists()


def test_a_large_file_is_read_in_the_background(people: People, signed_in, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from banshi.spreadsheets import tasks

    monkeypatch.setattr(tasks, "BYTES_AT_ONCE", 10)
    client = signed_in(people.clerk)
    page = upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n")
    assert "在后台处理" in page.text
    batch = ImportBatch.objects.get()
    assert "progress" in client.get(f"/work/import/{batch.pk}/progress/").text
    work_off()
    assert "导入 1 项" in client.get(f"/work/import/{batch.pk}/").text
    client.post(f"/work/import/{batch.pk}/apply/")
    assert not Item.objects.exists()
    work_off()
    assert "已导入" in client.get(f"/work/import/{batch.pk}/").text


def work_off() -> None:
    """Run every queued task, as the worker does."""
    from django_tasks_db.models import DBTaskResult

    from banshi.jobs.workers import _worker

    worker = _worker("test")
    for row in DBTaskResult.objects.ready():
        worker.run_task(row)


def test_the_list_of_imports_costs_the_same_with_three(
    people: People,
    signed_in,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    client = signed_in(people.clerk)
    for number in range(3):
        upload(client, HEAD + f"入学登记{number},示例县教育局,5个工作日,\n")
    with django_assert_max_num_queries(15):
        client.get("/work/import/")


def test_exports_hold_only_what_one_may_see(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    upload(signed_in(people.clerk), HEAD + "入学登记,示例县教育局,5个工作日,\n")
    signed_in(people.clerk).post(f"/work/import/{ImportBatch.objects.get().pk}/apply/")
    for form in ("directory", "scrutiny"):
        own = b"".join(signed_in(people.clerk).get(f"/work/export/items/?form={form}").streaming_content)
        other = b"".join(signed_in(people.stranger).get(f"/work/export/items/?form={form}").streaming_content)
        assert openpyxl.load_workbook(BytesIO(own)).worksheets[0]["B3"].value == "入学登记"
        assert openpyxl.load_workbook(BytesIO(other)).worksheets[0]["B3"].value is None


def test_a_template_can_be_had_and_an_unknown_form_not(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    assert client.get("/work/export/template/scrutiny.xlsx").status_code == 200
    assert client.get("/work/export/template/other.xlsx").status_code == 404
    assert "您可以导出 0 项" in client.get("/work/export/").text


def test_what_was_not_placed_is_seen_on_the_items_page_by_its_organ_only(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD.replace("备注", "备注（内部）") + "入学登记,示例县教育局,5个工作日,领导说先不公开\n")
    assert "写明不公开，内容留在导入记录里" in client.get(f"/work/import/{ImportBatch.objects.get().pk}/").text
    client.post(f"/work/import/{ImportBatch.objects.get().pk}/apply/")
    page = f"/work/items/{Item.objects.get().guid}/"
    shown = client.get(page).text
    assert "没有放进指南的内容" in shown
    assert "领导说先不公开" in shown
    assert signed_in(people.stranger).get(page).status_code == 404


def test_rows_are_chosen_and_what_each_became_is_seen_and_taken_back(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    page = upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n转学办理,示例县教育局,,\n")
    address = f"/work/import/{ImportBatch.objects.get().pk}/"
    first = page.context["rows"][0]["place"]
    again = client.post(f"{address}choose/", {"row": [first]}, follow=True)
    assert [each["outcome"] for each in again.context["rows"]] == ["new", "left"]
    client.post(f"{address}choose/", {"row": [first], "apply": "1"})
    item = Item.objects.get()
    assert item.name == "入学登记"
    listed = client.get(f"{address}rows/")
    assert [(row.name, row.outcome) for row in listed.context["page"].rows] == [
        ("入学登记", "new"),
        ("转学办理", "left"),
    ]
    assert f"/work/items/{item.guid}/" in listed.text
    assert f"{address}rows/" in client.get("/work/").text, "today leads to what was imported"
    assert "整批删除" in client.get(f"{address}undo/").text
    assert "已经撤销" in client.post(f"{address}undo/", follow=True).text
    assert not Item.objects.exists()
    assert signed_in(people.stranger).get(f"{address}rows/").status_code == 404
    assert signed_in(people.stranger).post(f"{address}undo/").status_code == 404


def test_one_fault_of_many_rows_is_one_line_with_the_way_to_mend_it(people: People, signed_in) -> None:  # type: ignore[no-untyped-def]
    post(people.clerk, "clerk", people.elsewhere)  # no single organ to take for granted
    page = upload(
        signed_in(people.clerk),
        "填报单位:例山镇人民政府\n事项名称,承诺时限\n" + "".join(f"事项{n},\n" for n in range(20)),
    )
    [told] = [each for each in page.context["problems"] if each["severity"] == "error"]
    assert told["count"] == 20
    assert "填报单位" in told["message"]
    assert "没写实施主体的行归" in told["proposal"]


def test_what_an_import_brought_is_examined_after_it(
    people: People, signed_in, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(people.clerk)
    upload(client, HEAD + "入学登记,示例县教育局,5个工作日,\n")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/work/import/{ImportBatch.objects.get().pk}/apply/")
    work_off()
    assert ExaminedRevision.objects.filter(revision__item__name="入学登记").exists()
